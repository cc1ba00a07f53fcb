/** One thread on a page: its posts as they come, what arrives meanwhile, reading marks. */
import { computed, onScopeDispose, ref, shallowRef } from "vue";
import { http } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { useLoad } from "@/ui/useLoad";
import { lastOf, merged, without } from "./thread";
import type { ForumPost, PostPage, ThreadLine } from "./types";

export function useThread(id: string) {
  const { channel } = useChannel();
  const posts = shallowRef<ForumPost[]>([]);
  const more = ref(false);
  const arrived = ref(0);

  const load = useLoad(async () => {
    const line = await http.get<ThreadLine>(`/forum/threads/${id}`);
    await onwards();
    return line;
  });
  const thread = computed(() => load.data.value);

  /** Fetches what follows the last post on the page. */
  async function onwards(): Promise<void> {
    const page = await http.get<PostPage>(`/forum/threads/${id}/posts`, { after: lastOf(posts.value) });
    posts.value = merged(posts.value, page.items);
    more.value = page.next !== null;
    arrived.value = 0;
    const number = lastOf(posts.value);
    if (number) await http.put(`/forum/threads/${id}/read`, { number });
  }

  /** Fetches one post again: it was changed, decided or removed. */
  async function again(number: number): Promise<void> {
    const page = await http.get<PostPage>(`/forum/threads/${id}/posts`, { after: number - 1 });
    const found = page.items.find((post) => post.number === number);
    posts.value = found ? merged(posts.value, [found]) : without(posts.value, number);
  }

  function heard(data: Record<string, unknown>): void {
    const known = posts.value.find((post) => post.id === (data.id ?? data.post));
    if (known) again(known.number).catch(() => {});
    else if (data.id) arrived.value += 1;
  }

  const stops = [
    channel.join(`thread:${id}`),
    channel.on("post.published", heard),
    channel.on("post.removed", heard),
    channel.on("post.decided", heard),
    channel.onGone(() => void load.reload()),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });

  async function follow(on: boolean): Promise<void> {
    const path = `/forum/threads/${id}/follow`;
    await (on ? http.put(path) : http.remove(path));
    await load.reload();
  }

  return { load, thread, posts, more, arrived, onwards, again, follow };
}
