/** Carries the beats of a heartbeat to the server: one batch under way, kept ones again after a break. */

import type { Beat, Heartbeat } from "./heartbeat";

/** What became of one beat; `reason` is a key of the words. */
export interface Verdict {
  readonly seq: number;
  readonly counted_ms: number;
  readonly reason?: string | null;
}

/** The answer to `beat.send`; `pending_ms` waits for the next presence check. */
export interface BeatAck {
  readonly acked_seq: number;
  readonly verdicts: readonly Verdict[];
  readonly verified_ms: number;
  readonly pending_ms: number;
}

export interface SenderEvents {
  /** With the batch that the acknowledgement answers. */
  readonly acknowledged: (ack: BeatAck, batch: readonly Beat[]) => void;
  /** The server takes no more beats of this stay; the reason is a refusal. */
  readonly refused: (reason: unknown) => void;
}

export interface SenderParts {
  /** Rejects with something that `isLost` knows when the line is gone. */
  readonly send: (beats: readonly Beat[]) => Promise<BeatAck>;
  readonly isLost: (reason: unknown) => boolean;
  /** Media clock and rate of the moment. */
  readonly moment: () => { position_ms: number; rate: number };
  readonly now: () => number;
}

const RETRY_MS = 5_000;

export class BeatSender {
  private sending = false;
  private broken = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly heartbeat: Heartbeat,
    private readonly parts: SenderParts,
    private readonly events: SenderEvents,
  ) {}

  /** Sends what is kept unless a batch is under way; called after each beat and when the line is back. */
  async flush(): Promise<void> {
    if (this.sending || this.stopped) return;
    clearTimeout(this.timer);
    if (this.broken) this.close();
    const batch = this.heartbeat.batch(this.parts.now());
    if (batch.length === 0) return;
    this.sending = true;
    const outcome = await this.carry(batch);
    this.sending = false;
    if (outcome === "again") await this.flush();
    else if (outcome === "lost" && !this.stopped) this.timer = setTimeout(() => void this.flush(), RETRY_MS);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The last beat of a batch kept over a break tells of the moment it is sent. */
  private close(): void {
    const { position_ms, rate } = this.parts.moment();
    this.heartbeat.fresh(position_ms, rate, this.parts.now());
  }

  private async carry(batch: readonly Beat[]): Promise<"again" | "lost" | "refused"> {
    try {
      const ack = await this.parts.send(batch);
      this.broken = false;
      this.heartbeat.acknowledge(ack.acked_seq, this.parts.now());
      this.events.acknowledged(ack, batch);
      return "again";
    } catch (reason) {
      if (this.parts.isLost(reason)) {
        this.broken = true;
        return "lost";
      }
      this.stop();
      this.events.refused(reason);
      return "refused";
    }
  }
}
