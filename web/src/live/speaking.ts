/** Whether I may write now, and if not, since when and until when; all times of the page's own clock, ms. */

import type { ClassState } from "@/net/types";

/** The longest message, counted in characters as people do. */
export const LONGEST = 300;

export interface Speaking {
  readonly allowed: boolean;
  /** Whether the class takes messages: `before` it waits, while it is `open`, when it is `over`. */
  readonly at: "before" | "open" | "over";
  /** Lecturers and assistants speak also while the others are paused. */
  readonly runs: boolean;
  readonly frozen: boolean;
  readonly slow_ms: number;
  readonly lastSentAt: number | null;
  readonly mutedUntil: number | null;
}

/** `off`: no speaking in this class; `before`, `over`: not yet, no more; `frozen`: paused for all; `muted`: paused for me; `slow`: wait `ms`. */
export type Turn =
  | { readonly may: true }
  | { readonly may: false; readonly why: "off" | "before" | "over" | "frozen" }
  | { readonly may: false; readonly why: "muted"; readonly until: number }
  | { readonly may: false; readonly why: "slow"; readonly ms: number };

export function turn(speaking: Speaking, now: number): Turn {
  if (!speaking.allowed) return { may: false, why: "off" };
  if (speaking.at !== "open") return { may: false, why: speaking.at };
  const { mutedUntil, lastSentAt, slow_ms } = speaking;
  if (mutedUntil !== null && mutedUntil > now) return { may: false, why: "muted", until: mutedUntil };
  if (speaking.runs) return { may: true };
  if (speaking.frozen) return { may: false, why: "frozen" };
  const wait = lastSentAt === null ? 0 : lastSentAt + slow_ms - now;
  return wait > 0 ? { may: false, why: "slow", ms: wait } : { may: true };
}

/** Messages are taken from the moment the lecturer's room is open until the end. */
export function opens(state: ClassState): Speaking["at"] {
  if (state === "scheduled") return "before";
  return state === "ended" || state === "cancelled" ? "over" : "open";
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
