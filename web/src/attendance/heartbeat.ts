/**
 * The beats of one stay: made, kept until acknowledged, given up when they can no longer count.
 *
 * Theory of operation. A beat speaks of the whole time since the beat before (rules 3.1), so the
 * condition between two beats never changes: a change makes one beat that tells of the time up to
 * it, and a second one, 0 ms later, that tells what begins. All times are of one monotonic clock.
 */

/** Beat, version 1. */
export interface Beat {
  readonly seq: number;
  readonly position_ms: number;
  readonly rate: number;
  readonly since_previous_ms: number;
  readonly playing: boolean;
  readonly visible: boolean;
  readonly ended: boolean;
}

/** What the player and the page are doing. `position_ms` is the media clock, UTC. */
export interface Condition {
  readonly playing: boolean;
  readonly visible: boolean;
  readonly rate: number;
  readonly position_ms: number;
}

/** `interval_ms` between beats; `late_ms` after the last acknowledgement nothing kept can count. */
export interface Limits {
  readonly interval_ms: number;
  readonly late_ms: number;
}

/** The most beats kept or sent at once; the server takes no longer batch. */
export const BATCH = 200;

export class Heartbeat {
  private kept: Beat[] = [];
  private seq = 0;
  private beatAt: number;
  private acknowledgedAt: number;
  private over = false;

  constructor(
    private readonly limits: Limits,
    private condition: Condition,
    now: number,
  ) {
    this.beatAt = now;
    this.acknowledgedAt = now;
    this.beat(now);
  }

  /** Whether the time now running can count. */
  get counting(): boolean {
    return !this.over && this.condition.playing && this.condition.visible;
  }

  /** Milliseconds of `now`'s clock at which the next beat is due. */
  get dueAt(): number {
    return this.beatAt + this.limits.interval_ms;
  }

  /** Follows the player's position; makes a beat only when one is due. Returns whether it did. */
  tick(position_ms: number, rate: number, now: number): boolean {
    this.condition = { ...this.condition, position_ms, rate };
    if (this.over || now < this.dueAt) return false;
    this.beat(now);
    return true;
  }

  /** A beat out of turn, last of what is sent after a break. */
  fresh(position_ms: number, rate: number, now: number): void {
    this.condition = { ...this.condition, position_ms, rate };
    if (!this.over) this.beat(now);
  }

  /** Play, pause, hide, show. Returns whether anything changed. */
  change(change: Partial<Condition>, now: number): boolean {
    const next = { ...this.condition, ...change };
    const same = next.playing === this.condition.playing && next.visible === this.condition.visible;
    if (this.over || same) {
      this.condition = next;
      return false;
    }
    this.condition = { ...this.condition, position_ms: next.position_ms };
    this.beat(now);
    this.condition = next;
    this.beat(now);
    return true;
  }

  /** A jump: the time before it ends at `from_ms`, the time after it begins at `to_ms`. */
  seek(from_ms: number, to_ms: number, now: number): void {
    if (this.over) return;
    this.condition = { ...this.condition, position_ms: from_ms };
    this.beat(now);
    this.condition = { ...this.condition, position_ms: to_ms };
    this.beat(now);
  }

  /** The last beat of the stay; none follows it. */
  end(now: number): void {
    if (this.over) return;
    this.beat(now, true);
    this.over = true;
  }

  /**
   * What is to be sent now, oldest first. When the late window has passed, only the newest beat is
   * left: it opens a new interval, the ones before it would earn nothing.
   */
  batch(now: number): readonly Beat[] {
    if (now - this.acknowledgedAt > this.limits.late_ms) this.kept = this.kept.slice(-1);
    return this.kept.slice(0, BATCH);
  }

  /** The server has written down every beat up to `seq`. */
  acknowledge(seq: number, now: number): void {
    this.kept = this.kept.filter((beat) => beat.seq > seq);
    this.acknowledgedAt = now;
  }

  private beat(now: number, ended = false): void {
    const { position_ms, rate, playing, visible } = this.condition;
    const since_previous_ms = Math.max(0, Math.round(now - this.beatAt));
    this.seq += 1;
    this.kept.push({
      seq: this.seq,
      position_ms: Math.round(position_ms),
      rate,
      since_previous_ms,
      playing,
      visible,
      ended,
    });
    this.beatAt = now;
    if (this.kept.length > BATCH) this.kept.shift();
  }
}
