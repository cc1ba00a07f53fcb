/** One thread on a page: a stretch of its posts that grows both ways, and what arrives meanwhile. */
import { computed, onScopeDispose, ref, shallowRef } from "vue";
import { http, useSession } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { useLoad } from "@/ui/useLoad";
import { lastOf, merged, without } from "./thread";
import type { ForumPost, PostPage, ThreadLine } from "./types";

/** So many posts stand ahead of the one that a link leads to. */
const AHEAD = 10;

/** `first`: the number that the page is opened at. */
export function useThread(id: string, first: number) {
  const { channel } = useChannel();
  const { account } = useSession();
  const posts = shallowRef<ForumPost[]>([]);
  const earlier = ref<number | null>(null);
  const later = ref<number | null>(null);
  const heardOf = shallowRef<readonly string[]>([]);
  const arrived = computed(
    () => heardOf.value.filter((each) => !posts.value.some((post) => post.id === each)).length,
  );
  const page = (query: { after?: number; before?: number }) =>
    http.get<PostPage>(`/forum/threads/${id}/posts`, query);

  const load = useLoad(async () => {
    const line = await http.get<ThreadLine>(`/forum/threads/${id}`);
    await (posts.value.length ? afresh() : openAt(Math.min(first, line.newest)));
    return line;
  });
  const thread = computed(() => load.data.value);

  /** Shows the stretch around a number instead of the one that is shown. */
  async function openAt(number: number): Promise<void> {
    const found = await page({ after: Math.max(0, number - 1 - AHEAD) });
    posts.value = found.items;
    earlier.value = found.earlier;
    later.value = found.next;
    if (found.next === null) heardOf.value = [];
  }

  /** Fetches what follows the last post on the page. */
  async function onwards(): Promise<void> {
    const found = await page({ after: later.value ?? lastOf(posts.value) });
    posts.value = merged(posts.value, found.items);
    later.value = found.next;
    if (found.next === null) heardOf.value = [];
  }

  /** Fetches what stands ahead of the first post on the page. */
  async function backwards(): Promise<void> {
    if (earlier.value === null) return;
    const found = await page({ before: earlier.value });
    posts.value = merged(posts.value, found.items);
    earlier.value = found.earlier;
  }

  /** Fetches the stretch on the page once more: something may have been missed. */
  async function afresh(): Promise<void> {
    const last = lastOf(posts.value);
    const fresh: ForumPost[] = [];
    let after: number | null = (posts.value[0]?.number ?? 1) - 1;
    do {
      const found: PostPage = await page({ after });
      fresh.push(...found.items);
      after = found.next;
    } while (after !== null && after < last);
    posts.value = fresh;
    later.value = after;
  }

  /** Fetches one post again: it was changed, decided or removed. */
  async function again(number: number): Promise<void> {
    const found = (await page({ after: number - 1 })).items.find((post) => post.number === number);
    posts.value = found ? merged(posts.value, [found]) : without(posts.value, number);
  }

  const own = ({ author }: Record<string, unknown>) =>
    (author as ForumPost["author"] | undefined)?.id === account.value?.id;

  /** The first post is the title, and without it there is no thread: then the page is asked for once more. */
  function heard(data: Record<string, unknown>): void {
    const post = String(data.id ?? data.post);
    const known = posts.value.find((each) => each.id === post);
    if (known ? known.number === 1 : data.post) void load.reload();
    else if (known) again(known.number).catch(() => {});
    else if (data.id && !own(data) && !heardOf.value.includes(post)) heardOf.value = [...heardOf.value, post];
  }

  const stops = [
    channel.join(`thread:${id}`),
    channel.on("post.published", heard),
    channel.on("post.removed", heard),
    channel.on("post.decided", heard),
    channel.on("speaking.changed", () => void load.reload()),
    channel.onGone(() => void load.reload()),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });

  /** Follows the thread from now on, or no longer. */
  async function follow(): Promise<void> {
    const on = !thread.value?.followed;
    const path = `/forum/threads/${id}/follow`;
    await (on ? http.put(path) : http.remove(path));
    if (load.data.value) load.data.value = { ...load.data.value, followed: on };
  }

  return { load, thread, posts, earlier, later, arrived, openAt, onwards, backwards, again, follow };
}
