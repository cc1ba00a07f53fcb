/** Whether I may write now, and if not, since when and until when; all times of the page's own clock, ms. */

/** The longest message, counted in characters as people do. */
export const LONGEST = 300;

export interface Speaking {
  readonly allowed: boolean;
  readonly over: boolean;
  readonly frozen: boolean;
  readonly slow_ms: number;
  readonly lastSentAt: number | null;
  readonly mutedUntil: number | null;
}

/** `off`: no speaking in this class; `over`: the class has ended; `frozen`: paused for all; `muted`: paused for me; `slow`: wait `ms`. */
export type Turn =
  | { readonly may: true }
  | { readonly may: false; readonly why: "off" | "over" | "frozen" }
  | { readonly may: false; readonly why: "muted"; readonly until: number }
  | { readonly may: false; readonly why: "slow"; readonly ms: number };

export function turn(speaking: Speaking, now: number): Turn {
  if (!speaking.allowed) return { may: false, why: "off" };
  if (speaking.over) return { may: false, why: "over" };
  const { mutedUntil, lastSentAt, slow_ms } = speaking;
  if (mutedUntil !== null && mutedUntil > now) return { may: false, why: "muted", until: mutedUntil };
  if (speaking.frozen) return { may: false, why: "frozen" };
  const wait = lastSentAt === null ? 0 : lastSentAt + slow_ms - now;
  return wait > 0 ? { may: false, why: "slow", ms: wait } : { may: true };
}

/** Characters as people count them: an emoji or a rare character is one. */
export function characters(text: string): number {
  return [...text].length;
}

/** Enter sends; never while an input method composes, and Shift makes a new line. */
export function sends(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== COMPOSING;
}

/** `keyCode` of a key that an input method takes, where `isComposing` already says false (Safari). */
const COMPOSING = 229;
