/** The chain from beats to hours as figures for the screen; nothing is computed anew here (rules §3.10). */
import type { Stretch, Why } from "./types";

export interface Cut {
  from_ms: number;
  until_ms: number;
  reason: string;
  minutes: number;
  repaired: boolean;
}

export interface Chain {
  counted: number;
  cuts: Cut[];
  sharePercent: string;
  minPercent: string;
  /** 0 for now, and what is missing; or counted in proportion; or whole. */
  result: "none" | "proportional" | "full";
}

const MINUTE = 60_000;

export const minutesOf = ({ from_ms, until_ms }: { from_ms: number; until_ms: number }): number =>
  Math.round(((until_ms - from_ms) / MINUTE) * 10) / 10;

export function chainOf(why: Why): Chain {
  const counted = why.stretches.filter(({ kind }) => kind === "counted" || kind === "repaired");
  return {
    counted: joined(counted).length,
    cuts: why.stretches.filter(lost).map((stretch) => ({
      from_ms: stretch.from_ms,
      until_ms: stretch.until_ms,
      reason: stretch.reason ?? "beat.absent",
      minutes: minutesOf(stretch),
      repaired: false,
    })),
    sharePercent: percent(why.share),
    minPercent: percent(why.min_share),
    result: resultOf(why),
  };
}

function resultOf(why: Why): Chain["result"] {
  if (Number(why.share) >= Number(why.full_share)) return "full";
  return Number(why.share) >= Number(why.min_share) ? "proportional" : "none";
}

function lost({ kind }: Stretch): boolean {
  return kind === "cut" || kind === "void";
}

/** Stretches that touch are one continuous stretch. */
export function joined(stretches: readonly Stretch[]): { from_ms: number; until_ms: number }[] {
  const whole: { from_ms: number; until_ms: number }[] = [];
  for (const { from_ms, until_ms } of [...stretches].sort((a, b) => a.from_ms - b.from_ms)) {
    const last = whole[whole.length - 1];
    if (last && from_ms <= last.until_ms) last.until_ms = Math.max(last.until_ms, until_ms);
    else whole.push({ from_ms, until_ms });
  }
  return whole;
}

/** A share of 0.778 is 77 %: never rounded up to a threshold that was not reached. */
export function percent(share: string): string {
  return `${Math.floor(Number(share) * 100 + 1e-9)}%`;
}

export interface Mark {
  left: number;
  width: number;
  kind: Stretch["kind"];
}

/** The stretches on a strip from the first to the last moment on air, in per cent. */
export function strip(why: Pick<Why, "air" | "stretches">): { marks: Mark[]; from: number; until: number } {
  const from = Math.min(...why.air.map((each) => each.from_ms));
  const until = Math.max(...why.air.map((each) => each.until_ms));
  const length = Math.max(1, until - from);
  const marks = why.stretches.map(({ from_ms, until_ms, kind }) => ({
    left: ((from_ms - from) / length) * 100,
    width: ((until_ms - from_ms) / length) * 100,
    kind,
  }));
  return { marks, from, until };
}
