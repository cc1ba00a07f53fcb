/** One voice for a busy chat: at most one line in five seconds, chosen by the listener's setting. */

export type Voice = "staff" | "all" | "off";

export interface Line {
  readonly text: string;
  /** Said by the lecturer or an assistant. */
  readonly staff: boolean;
}

export const EVERY_MS = 5_000;
/** An older line is no news any more. */
const STALE_MS = 15_000;

export class Announcer {
  private waiting: { line: Line; at: number }[] = [];
  private spokenAt = Number.NEGATIVE_INFINITY;

  constructor(public voice: Voice = "staff") {}

  offer(line: Line, now: number): void {
    if (this.voice === "off" || (this.voice === "staff" && !line.staff)) return;
    this.waiting.push({ line, at: now });
  }

  /** The line to speak now, or null; the newest of the staff first, then the newest at all. */
  next(now: number): string | null {
    if (now - this.spokenAt < EVERY_MS) return null;
    const fresh = this.waiting.filter(({ at }) => now - at < STALE_MS).reverse();
    const chosen = fresh.find(({ line }) => line.staff) ?? fresh[0];
    if (!chosen) return null;
    this.waiting = [];
    this.spokenAt = now;
    return chosen.line.text;
  }
}
