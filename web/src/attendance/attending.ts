/** A learner attending one class: stay, beats and presence checks held together; no page, no player in it. */

import { type Asked, type Missed, PresenceCheck } from "./check";
import { type Beat, Heartbeat } from "./heartbeat";
import { type BeatAck, BeatSender } from "./sender";
import { earns, moved, OPENING, type Opened, opened, rested, type StayState, watchOnly } from "./stay";

/** The socket and the clock, as far as they are needed; `now` is monotonic milliseconds. */
export interface Ports {
  readonly send: <T>(type: string, data: object, options?: { keep?: boolean }) => Promise<T>;
  readonly on: (type: string, handler: (data: Record<string, unknown>) => void) => () => void;
  readonly onReady: (handler: () => void) => () => void;
  readonly isLost: (reason: unknown) => boolean;
  readonly now: () => number;
  /** Something to be drawn anew has changed. */
  readonly changed: () => void;
}

/** What the player and the page do at this moment. */
export interface Watching {
  readonly position_ms: number | null;
  readonly rate: number;
  readonly playing: boolean;
  readonly visible: boolean;
}

export interface Activity {
  readonly kind: "class";
  readonly id: string;
}

interface OpenedStay extends Opened {
  readonly interval_s: number;
  readonly late_s: number;
  readonly verified_ms?: number;
  readonly pending_ms?: number;
}

export class Attending {
  state: StayState = OPENING;
  check: PresenceCheck | null = null;
  /** The last missed check of this visit, until dismissed. */
  missed: Missed | null = null;
  /** Why the last beat did not count, a key of the words; null while it did. */
  uncounted: string | null = null;
  late_ms = 150_000;
  private counted_ms = 0;
  private countedAt = 0;
  private interval_ms = 15_000;
  private heartbeat: Heartbeat | null = null;
  private sender: BeatSender | null = null;
  private watching: Watching = { position_ms: null, rate: 1, playing: false, visible: true };
  private reopened = false;
  private over = false;
  private readonly undo: (() => void)[];

  constructor(
    private readonly activity: Activity,
    private readonly device: string,
    private readonly ports: Ports,
  ) {
    this.undo = [
      ports.on("stay.moved", (data) => this.taken(String(data.stay), String(data.to_device))),
      ports.on("check.asked", (data) => this.asked(data as unknown as Asked & { stay: string })),
      ports.on("check.missed", (data) => this.miss(data as unknown as Missed & { check: string })),
      ports.onReady(() => void this.sender?.flush()),
    ];
  }

  /** Begins a visit; waits for the line when there is none. */
  async open(): Promise<void> {
    const data = { activity: this.activity, device: this.device };
    this.enter(await this.ports.send<OpenedStay>("stay.open", data, { keep: true }));
  }

  /** The explicit choice to earn here from now on. */
  async take(): Promise<void> {
    if (this.state.at === "opening") return;
    this.enter(await this.ports.send<OpenedStay>("stay.take", { stay: this.state.stay }, { keep: true }));
  }

  watchOnly(): void {
    this.become(watchOnly(this.state));
  }

  async rest(resting: boolean): Promise<void> {
    if (!earns(this.state) || this.state.at === "opening") return;
    await this.ports.send("stay.rest", { stay: this.state.stay, resting }, { keep: true });
    this.become(rested(this.state, resting));
  }

  /** Called on every change and several times a second; makes beats when they are due. */
  follow(watching: Watching): void {
    this.watching = watching;
    const { position_ms, rate, playing, visible } = watching;
    if (position_ms === null || !earns(this.state) || this.over) return;
    const now = this.ports.now();
    if (!this.heartbeat) {
      this.begin(position_ms, now);
      return;
    }
    const changed = this.heartbeat.change({ position_ms, rate, playing, visible }, now);
    if (this.heartbeat.tick(position_ms, rate, now) || changed) void this.sender?.flush();
  }

  seeked(from_ms: number, to_ms: number): void {
    this.heartbeat?.seek(from_ms, to_ms, this.ports.now());
    void this.sender?.flush();
  }

  /** The dialog is on screen; a check that nobody saw is never missed. */
  shown(): void {
    if (this.check) void this.quietly("check.shown", { check: this.check.id });
  }

  /** Whether it was taken as an answer; one in the first moments is not. */
  answer(): boolean {
    const { check } = this;
    if (!check?.answerable(this.ports.now())) return false;
    void this.quietly("check.answer", { check: check.id });
    if (check.missed) this.missed = check.missed;
    this.check = null;
    this.ports.changed();
    return true;
  }

  dismissMissed(): void {
    this.missed = null;
    this.ports.changed();
  }

  /** Counted time for the chip, carried on while it counts but never further than one beat. */
  counted(): number {
    if (!this.heartbeat?.counting || this.uncounted !== null || this.resting) return this.counted_ms;
    return this.counted_ms + Math.min(this.ports.now() - this.countedAt, this.interval_ms);
  }

  /** The last beat of this visit, so that it can be assessed. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.heartbeat?.end(this.ports.now());
    void this.sender?.flush();
  }

  /** Goes on after the last beat, as a visit of its own: what was paused at the end can be watched on. */
  async again(): Promise<void> {
    if (!this.over) return;
    this.over = false;
    this.silence();
    await this.open();
  }

  destroy(): void {
    this.end();
    for (const undo of this.undo) undo();
    this.sender?.stop();
  }

  get resting(): boolean {
    return this.state.at === "earning" && this.state.resting;
  }

  private enter(answer: OpenedStay): void {
    this.interval_ms = answer.interval_s * 1000;
    this.late_ms = answer.late_s * 1000;
    if (answer.verified_ms !== undefined) this.count(answer.verified_ms + (answer.pending_ms ?? 0));
    this.silence();
    this.become(opened(answer));
    this.follow(this.watching);
  }

  private become(state: StayState): void {
    this.state = state;
    if (!earns(state)) this.silence();
    this.ports.changed();
  }

  private begin(position_ms: number, now: number): void {
    if (this.state.at === "opening") return;
    const { stay } = this.state;
    const condition = { ...this.watching, position_ms };
    this.heartbeat = new Heartbeat({ interval_ms: this.interval_ms, late_ms: this.late_ms }, condition, now);
    this.sender = new BeatSender(
      this.heartbeat,
      {
        send: (beats) => this.ports.send<BeatAck>("beat.send", { stay, beats }),
        isLost: this.ports.isLost,
        moment: () => ({ position_ms: this.watching.position_ms ?? position_ms, rate: this.watching.rate }),
        now: this.ports.now,
      },
      { acknowledged: (ack, batch) => this.acknowledged(ack, batch), refused: () => this.refused() },
    );
    void this.sender.flush();
  }

  private silence(): void {
    this.sender?.stop();
    this.sender = null;
    this.heartbeat = null;
  }

  private acknowledged(ack: BeatAck, batch: readonly Beat[]): void {
    this.count(ack.verified_ms + ack.pending_ms);
    this.reopened = false;
    this.uncounted = reasonOf(ack, batch);
    this.ports.changed();
  }

  private count(ms: number): void {
    this.counted_ms = ms;
    this.countedAt = this.ports.now();
  }

  /** The server knows this visit no more (it restarted, or the visit had ended): one new one is tried. */
  private refused(): void {
    this.silence();
    if (this.reopened || this.over) return;
    this.reopened = true;
    this.open().catch(() => undefined);
  }

  private taken(stay: string, device: string): void {
    this.become(moved(this.state, stay, device));
  }

  private asked(asked: Asked & { stay: string }): void {
    if (this.state.at === "opening" || asked.stay !== this.state.stay) return;
    if (this.check?.id === asked.check) {
      this.shown();
      return;
    }
    this.check = new PresenceCheck(asked, this.ports.now());
    this.ports.changed();
  }

  private miss({ check, from_ms, until_ms }: Missed & { check: string }): void {
    if (this.check?.id === check) this.check.miss({ from_ms, until_ms });
    else this.missed = { from_ms, until_ms };
    this.ports.changed();
  }

  /** Kept over a lost line; a refusal (the check was closed meanwhile) changes nothing here. */
  private quietly(type: string, data: object): Promise<unknown> {
    return this.ports.send(type, data, { keep: true }).catch(() => undefined);
  }
}

/** Why the time up to the last beat did not count; a beat that only begins something tells of no time. */
function reasonOf(ack: BeatAck, batch: readonly Beat[]): string | null {
  const last = ack.verdicts[ack.verdicts.length - 1];
  const beat = batch.find(({ seq }) => seq === last?.seq);
  return beat && beat.since_previous_ms > 0 ? (last?.reason ?? null) : null;
}
