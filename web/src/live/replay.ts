/** Studying what is missing in a recording, on the clock of the class. */

import type { Range } from "@/attendance/own";

/** An interval shorter than this is not worth a jump; the player may be that far beside its aim. */
const NEAR_MS = 1_500;

/** Where to begin: a date of the address, the first gap, or the first picture. */
export function beginning(
  query: { readonly t?: unknown; readonly gap?: unknown },
  gaps: readonly Range[],
  first_ms: number,
): number {
  const at = typeof query.t === "string" ? Number(query.t) : Number.NaN;
  if (Number.isFinite(at) && at > 0) return at;
  return query.gap === "first" ? (gaps[0]?.from_ms ?? first_ms) : first_ms;
}

/**
 * In the mode that plays only what is missing: where to jump from `ms`, null to play on,
 * `done` after the last gap.
 */
export function onward(gaps: readonly Range[], ms: number): number | "done" | null {
  for (const { from_ms, until_ms } of gaps) {
    if (ms < from_ms - NEAR_MS) return from_ms;
    if (ms < until_ms) return null;
  }
  return "done";
}

/** The stretch of the chat to be fetched for a moment: ten minutes, so that a jump costs one call. */
export function chatWindow(ms: number): { readonly from_ms: number; readonly until_ms: number } {
  const length = 600_000;
  const from_ms = Math.floor(ms / length) * length;
  return { from_ms, until_ms: from_ms + length };
}
