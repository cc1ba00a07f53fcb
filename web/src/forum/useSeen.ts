/** Up to which number a thread has been read: told to the server once a post has been on the screen. */
import { onBeforeUnmount, onMounted, type Ref, watch } from "vue";
import { http } from "@/net/session";
import type { ForumPost } from "./types";

const WAIT_MS = 1_000;
/** What only peeps in at the lower edge is not read yet. */
const MARGIN = "0px 0px -15% 0px";

export function useSeen(thread: string, posts: Ref<readonly ForumPost[]>): void {
  let highest = 0;
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver(seen, { rootMargin: MARGIN });

  function seen(entries: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) highest = Math.max(highest, Number((target as HTMLElement).dataset.number));
    }
    if (highest > told) timer ??= setTimeout(tell, WAIT_MS);
  }

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    if (highest <= told) return;
    told = highest;
    http.put(`/forum/threads/${thread}/read`, { number: highest }).catch(() => (told = 0));
  }

  function observe(): void {
    for (const post of document.querySelectorAll("[data-number]")) observer.observe(post);
  }

  watch(posts, observe, { flush: "post" });
  onMounted(observe);
  onBeforeUnmount(() => {
    observer.disconnect();
    tell();
  });
}
