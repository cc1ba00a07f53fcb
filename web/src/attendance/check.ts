/** A presence check on screen (rules 3.5): guard against accidents, what is spoken, what sounds. */

import { clock } from "./phrase";

/** Keys and clicks that were already under way when the dialog came are no answer. */
export const GUARD_MS = 800;
const SPOKEN_AT_S = [120, 60, 15];
const TONES_AT_S = [60, 15];

function last(marks: readonly number[]): number | undefined {
  return marks[marks.length - 1];
}

/** `check.asked` as the server sends it. */
export interface Asked {
  readonly check: string;
  readonly answer_s: number;
}

/** Media clock of the stretch that a missed check left open, UTC milliseconds. */
export interface Missed {
  readonly from_ms: number;
  readonly until_ms: number;
}

/** What to do at this moment; each second is spoken and sounded once. */
export interface Cue {
  readonly remaining_s: number;
  readonly spoken_s: number | null;
  readonly tone: boolean;
}

export class PresenceCheck {
  readonly id: string;
  readonly answer_s: number;
  missed: Missed | null = null;
  private last_s: number;
  private begun = false;

  constructor(
    asked: Asked,
    private readonly shownAt: number,
  ) {
    this.id = asked.check;
    this.answer_s = asked.answer_s;
    this.last_s = asked.answer_s;
  }

  remaining_ms(now: number): number {
    if (this.missed) return 0;
    return Math.max(0, this.answer_s * 1000 - (now - this.shownAt));
  }

  /** Whether an answer given now is meant as one. A missed check can still be answered. */
  answerable(now: number): boolean {
    return now - this.shownAt >= GUARD_MS;
  }

  /** Called several times a second; tells once what falls due. */
  cue(now: number): Cue {
    const remaining_s = Math.ceil(this.remaining_ms(now) / 1000);
    const passed = (mark: number): boolean => mark < this.last_s && mark >= remaining_s;
    const first = !this.begun;
    const spoken = first ? this.answer_s : last(SPOKEN_AT_S.filter(passed));
    const tone = first || TONES_AT_S.some(passed);
    this.begun = true;
    this.last_s = Math.min(this.last_s, remaining_s);
    return { remaining_s, spoken_s: spoken ?? null, tone: tone && !this.missed };
  }

  miss(missed: Missed): void {
    this.missed = missed;
  }
}

/** `(120) 请确认仍在学习` in front of nothing else, so that a narrow tab shows the number. */
export function tabTitle(remaining_s: number, words: string): string {
  return remaining_s > 0 ? `(${remaining_s}) ${words}` : words;
}

/** Share of the ring still to be drawn, 1 to 0. */
export function ring(check: PresenceCheck, now: number): number {
  return check.remaining_ms(now) / (check.answer_s * 1000);
}

/** What stands in the middle of the ring: seconds up to two minutes, then minutes. */
export function ringText(remaining_s: number): string {
  return remaining_s <= 120 ? String(remaining_s) : clock(remaining_s * 1000);
}
