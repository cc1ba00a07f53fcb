/** What a learner sees in place of, or over, the picture: one designed state for each state of the class. */

import type { ClassView } from "@/net/types";

/** Times in milliseconds since the epoch, by the server's clock. */
export type Scene =
  | { readonly show: "countdown"; readonly at: number }
  | { readonly show: "late"; readonly minutes: number }
  | { readonly show: "on_air" }
  | { readonly show: "break"; readonly resumes_at: number | null }
  | { readonly show: "interrupted"; readonly since: number }
  | { readonly show: "ended"; readonly recording: ClassView["recording"] }
  | { readonly show: "cancelled" };

/** From this long after the plan the page says by how much the lecturer is late. */
const LATE_MS = 60_000;

function before(starts_at: string, now: number): Scene {
  const at = Date.parse(starts_at);
  const late = now - at;
  return late < LATE_MS ? { show: "countdown", at } : { show: "late", minutes: Math.floor(late / 60_000) };
}

function instant(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}

export function scene(view: ClassView, now: number): Scene {
  switch (view.state) {
    case "scheduled":
    case "waiting":
      return before(view.starts_at, now);
    case "on_air":
      return { show: "on_air" };
    case "paused":
      return { show: "break", resumes_at: instant(view.resumes_at) };
    case "interrupted":
      return { show: "interrupted", since: instant(view.interrupted_since) ?? Date.parse(view.state_since) };
    case "ended":
      return { show: "ended", recording: view.recording };
    case "cancelled":
      return { show: "cancelled" };
  }
}

/** Whether there is a picture to play: live, or what was broadcast before a break. */
export function plays(view: ClassView): boolean {
  const begun = view.state === "on_air" || view.state === "paused" || view.state === "interrupted";
  return begun && view.went_on_air_at !== null;
}

/** The newer of two versions of the same class; pushes may overtake the snapshot. */
export function newer(known: ClassView, told: ClassView): ClassView {
  return told.version >= known.version ? told : known;
}

const LEFT_S = 1;

/**
 * How long, after the class has ended, a picture may stand still until it counts as seen to its end;
 * `left_s` is what of it was not played yet, null when there is no picture. A weak line comes back.
 */
export function patience_ms(left_s: number | null): number {
  return left_s === null || left_s < LEFT_S ? 3_000 : 30_000;
}

/** How a lost line is told: not at all, with hope, or with what it costs. */
export type LineNotice = "none" | "repairable" | "too_long";

const SILENT_MS = 5_000;

export function lineNotice(lost_ms: number | null, late_ms: number): LineNotice {
  if (lost_ms === null || lost_ms < SILENT_MS) return "none";
  return lost_ms <= late_ms ? "repairable" : "too_long";
}
