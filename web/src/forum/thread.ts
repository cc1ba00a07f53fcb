/** The posts of a thread on a page: in the order of their numbers, whatever order they came in. */
import { moment } from "@/ui/format";
import type { ForumPost, ThreadLine, Written } from "./types";

/** `fresh` among `held`: a number that is there already is replaced, so that a page fetched twice changes nothing. */
export function merged(held: readonly ForumPost[], fresh: readonly ForumPost[]): ForumPost[] {
  const byNumber = new Map(held.map((post) => [post.number, post]));
  for (const post of fresh) byNumber.set(post.number, post);
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** Held without the one of a number: it is no longer for this reader. */
export function without(held: readonly ForumPost[], number: number): ForumPost[] {
  return held.filter((post) => post.number !== number);
}

/** The highest number on the page; 0 for none. */
export function lastOf(held: readonly ForumPost[]): number {
  return held[held.length - 1]?.number ?? 0;
}

/** The number in `#post-12`; null for any other fragment. */
export function numberOf(hash: string): number | null {
  const found = /^#post-([1-9]\d{0,8})$/.exec(hash);
  return found ? Number(found[1]) : null;
}

/** The post of a number, or the next one where it is not to be seen, or the last; null in an empty page. */
export function nearest(held: readonly ForumPost[], number: number): ForumPost | null {
  return held.find((post) => post.number >= number) ?? held[held.length - 1] ?? null;
}

/** How many posts the reader has not read: null for a thread that was never opened. */
export function unreadOf(line: Pick<ThreadLine, "read" | "newest">): number | null {
  return line.read ? Math.max(0, line.newest - line.read) : null;
}

/** The beginning of a quoted post, on one line. */
export function excerptOf(text: string, most = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** What an author may still do with a post: what was decided against goes by review. */
export function changeable({ state }: Pick<ForumPost, "state">): boolean {
  return state === "published" || state === "held" || state === "blocked";
}

/** What an author is told of a post that waits for a moderator; null for any other. */
export function heldText(
  { state, release_at: at }: Pick<Written, "state" | "release_at">,
  t: (key: string, figures: Record<string, unknown>) => string,
): string | null {
  if (state !== "held") return null;
  return at ? t("forum.now_held_until", { at: moment(at) }) : t("forum.now_held", {});
}
