/** Stalls of the player: what is reported, when the plain segments are the better choice. */

const WINDOW_MS = 60_000;
const TOO_MANY = 2;

export class Stalls {
  /** All stalls since the page was opened. */
  total = 0;
  private recent: number[] = [];
  private told = 0;

  /** Whether this stall is the second within a minute: the line is too weak for parts. */
  note(now: number): boolean {
    this.total += 1;
    this.recent = [...this.recent.filter((at) => now - at < WINDOW_MS), now];
    if (this.recent.length < TOO_MANY) return false;
    this.recent = [];
    return true;
  }

  /** The picture stopped at its source, not on the way here. */
  forgive(): void {
    this.recent = [];
  }

  /** Stalls since the last report. */
  sinceReport(): number {
    const since = this.total - this.told;
    this.told = this.total;
    return since;
  }
}
