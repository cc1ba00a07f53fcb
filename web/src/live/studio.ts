/** The studio's buttons in their order, which of them asks first, and what the lecturer's line looks like. */

import type { ClassView } from "@/net/types";

export type StudioAction = "open" | "rehearse" | "start" | "pause" | "resume" | "end" | "cut";

export interface StudioButton {
  readonly action: StudioAction;
  /** One primary button: the next thing to do. */
  readonly primary: boolean;
  readonly danger: boolean;
  /** Asked before it is done, because it cannot be taken back. */
  readonly confirm: boolean;
  /** Needs pictures on the line, else nothing would be broadcast. */
  readonly needsLine: boolean;
}

/** 开播 → 课间休息 / 继续 → 结束 → 断播, the same place always. */
const ORDER: readonly StudioButton[] = [
  { action: "open", primary: true, danger: false, confirm: false, needsLine: false },
  { action: "rehearse", primary: false, danger: false, confirm: false, needsLine: false },
  { action: "start", primary: true, danger: false, confirm: false, needsLine: true },
  { action: "pause", primary: false, danger: false, confirm: false, needsLine: false },
  { action: "resume", primary: true, danger: false, confirm: false, needsLine: true },
  { action: "end", primary: false, danger: false, confirm: true, needsLine: false },
  { action: "cut", primary: false, danger: true, confirm: true, needsLine: false },
];

/** What can be done now, by state and power; the server says both in `may`. */
export function buttons(view: Pick<ClassView, "may">): readonly StudioButton[] {
  return ORDER.filter(({ action }) => view.may.includes(action));
}

export type StudioLine = "off" | "ready" | "on_air" | "paused" | "lost" | "over";

/** One word for the state of the broadcast: what learners get of what the studio sends. */
export function studioLine(view: Pick<ClassView, "state">, sending: boolean): StudioLine {
  switch (view.state) {
    case "on_air":
      return sending ? "on_air" : "lost";
    case "interrupted":
      return "lost";
    case "paused":
      return "paused";
    case "ended":
    case "cancelled":
      return "over";
    default:
      return sending ? "ready" : "off";
  }
}

/** Whether leaving the page would take the class off the air. */
export function keepsPage(view: Pick<ClassView, "state">, sending: boolean): boolean {
  return sending && (view.state === "on_air" || view.state === "paused");
}

/** Air time now: what the server counted until `takenAt`, carried on while the class is on the air. */
export function airTime(view: Pick<ClassView, "air_ms" | "state">, takenAt: number, now: number): number {
  return view.state === "on_air" ? view.air_ms + Math.max(0, now - takenAt) : view.air_ms;
}
