/** Where a reader is in a thread: kept in place while posts come in above, moved by link, number and key. */
import { nextTick, type Ref, ref, watch } from "vue";
import { useRoute } from "vue-router";
import { nearest, numberOf } from "./thread";
import type { ForumPost } from "./types";

/** Height of the bar at the top of every page, px. */
const BAR = 56;

export interface Stretch {
  posts: Ref<ForumPost[]>;
  earlier: Ref<number | null>;
  later: Ref<number | null>;
  openAt(number: number): Promise<void>;
  onwards(): Promise<void>;
  backwards(): Promise<void>;
}

/** `run` is asked to do what fetches posts because of a key or a link, and tells what was refused. */
export function useReading(
  { posts, earlier, later, openAt, onwards, backwards }: Stretch,
  run: (fetching: () => Promise<void>) => Promise<unknown>,
) {
  const route = useRoute();
  const current = ref<number | null>(null);
  let held: { element: Element; top: number } | null = null;

  /** The topmost post on the screen. */
  function onScreen(): Element | null {
    const all = [...document.querySelectorAll("[data-number]")];
    return all.find((each) => each.getBoundingClientRect().bottom > BAR) ?? null;
  }

  function hold(): void {
    const element = onScreen();
    held = element && { element, top: element.getBoundingClientRect().top };
  }

  function restore(): void {
    if (!held?.element.isConnected) return;
    const moved = held.element.getBoundingClientRect().top - held.top;
    if (moved) window.scrollBy(0, moved);
  }

  watch(posts, hold, { flush: "pre" });
  watch(posts, restore, { flush: "post" });

  /** The number that the reader is at: that of the focus, else that of the topmost post on the screen. */
  function here(): number {
    const at = document.activeElement?.closest("[data-number]") ?? onScreen();
    return Number((at as HTMLElement | null)?.dataset.number ?? 0);
  }

  /** Brings a post to the top of the screen and gives it the focus. */
  async function show(number: number): Promise<void> {
    await nextTick();
    const found = nearest(posts.value, number);
    const element = found && document.getElementById(`post-${found.number}`);
    if (!element) return;
    current.value = found.number;
    element.scrollIntoView({ block: "start" });
    element.focus({ preventScroll: true });
  }

  /** Goes to a number, wherever in the thread it is. */
  async function goTo(number: number): Promise<void> {
    if (!posts.value.some((post) => post.number === number)) await openAt(number);
    await show(number);
  }

  /** To the next post or the one before, fetching where the page ends. */
  async function move(by: 1 | -1): Promise<void> {
    const at = posts.value.findIndex((post) => post.number >= here());
    const beyond = by > 0 ? at === posts.value.length - 1 && later.value : at === 0 && earlier.value;
    if (beyond) await (by > 0 ? onwards() : backwards());
    const now = posts.value.findIndex((post) => post.number >= here());
    const next = posts.value[now + by];
    if (next) await show(next.number);
  }

  watch(
    () => route.hash,
    (hash) => {
      const number = numberOf(hash);
      if (number) void run(() => goTo(number));
    },
  );

  return { current, here, show, goTo, step: (by: 1 | -1) => void run(() => move(by)) };
}
