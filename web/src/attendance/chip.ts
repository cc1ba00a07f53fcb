/** What the attendance chip says: whether time counts now and, if not, why. */

import { clock, minutesAndSeconds, type Phrase } from "./phrase";

export type Tone = "counting" | "idle" | "asking" | "lost";

/** The state in which a class gives no time to count, seen from the learner. */
export type AirState = "on_air" | "off_air" | "paused" | "ended";

/** All that decides what the chip says; durations in milliseconds. */
export interface Standing {
  readonly air: AirState;
  readonly countable: "yes" | "no_hours" | "december" | "cap";
  readonly cap_hours?: string;
  readonly elsewhere: string | null;
  readonly resting: boolean;
  readonly lost_ms: number | null;
  readonly check_ms: number | null;
  readonly playing: boolean;
  readonly stalled: boolean;
  readonly visible: boolean;
  readonly seen: boolean;
  readonly counted_ms: number;
}

export interface Chip extends Phrase {
  readonly tone: Tone;
}

type Rule = (standing: Standing) => Chip | null;

function idle(key: string, values?: Phrase["values"]): Chip {
  return { key: `chip.${key}`, tone: "idle", ...(values ? { values } : {}) };
}

/** A missed check can still be answered; until then nothing is verified. */
function asking(left_ms: number): Chip {
  const said = left_ms > 0 ? idle("check", minutesAndSeconds(left_ms)) : idle("check_over");
  return { ...said, tone: "asking" };
}

/** First match speaks. What the learner can do something about comes before what merely is. */
const RULES: readonly Rule[] = [
  (s) => (s.countable === "yes" ? null : idle(s.countable, s.cap_hours ? { hours: s.cap_hours } : undefined)),
  (s) => (s.air === "off_air" || s.air === "ended" ? idle(s.air) : null),
  (s) => (s.lost_ms === null ? null : { ...idle("lost", { time: clock(s.lost_ms) }), tone: "lost" }),
  (s) => (s.elsewhere === null ? null : idle("elsewhere", { device: s.elsewhere })),
  (s) => (s.check_ms === null ? null : asking(s.check_ms)),
  (s) => (s.resting ? idle("resting") : null),
  (s) => (s.air === "paused" ? idle("class_paused") : null),
  (s) => (s.visible ? null : idle("hidden")),
  (s) => (s.stalled ? idle("stalled") : null),
  (s) => (s.playing ? null : idle("paused")),
  (s) => (s.seen ? idle("seen") : null),
];

/** The chip for one moment; `counting` is the answer when no rule objects. */
export function chip(standing: Standing): Chip {
  for (const rule of RULES) {
    const said = rule(standing);
    if (said) return said;
  }
  return { key: "chip.counting", tone: "counting", values: { time: clock(standing.counted_ms) } };
}
