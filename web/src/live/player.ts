/** The learner's player: one class on one media clock, live, behind live, or recorded. */

import type { Engine, Opening } from "./engine";
import { RenewableGrant, type ViewingLeave } from "./grant";
import { dateAt, type Stretch, span, timeAt } from "./media-clock";
import { Stalls } from "./stalls";

/** `seeked` gives both ends of a jump on the media clock; `stable` tells that parts were given up. */
export interface PlayerEvents {
  readonly changed: () => void;
  readonly seeked: (from_ms: number, to_ms: number) => void;
  readonly stable: () => void;
  readonly gone: (status: number) => void;
}

/** What a page shows of the player at one moment; times in player seconds unless named otherwise. */
export interface Picture {
  readonly playing: boolean;
  readonly stalled: boolean;
  readonly ended: boolean;
  readonly position_ms: number | null;
  readonly time: number;
  readonly start: number;
  readonly end: number;
  readonly rate: number;
  readonly muted: boolean;
  /** Seconds behind the lecturer, null for a recording. */
  readonly latency_s: number | null;
  /** Whether the live edge is watched; null for a recording. */
  readonly atEdge: boolean | null;
}

export type MakeEngine = (video: HTMLVideoElement, opening: Opening) => Promise<Engine> | Engine;

/** hls.js where there is a media source, else the browser's own; loaded when first needed. */
export const makeEngine: MakeEngine = async (video, opening) => {
  const { default: Hls } = await import("hls.js/light");
  if (Hls.isSupported()) return new (await import("./hls-engine")).HlsEngine(video, opening);
  return (await import("./native-engine")).NativeEngine.open(video, opening);
};

const EDGE_FACTOR = 2;

export class Player {
  readonly stalls = new Stalls();
  private engine: Engine | null = null;
  private grant: RenewableGrant | null = null;
  private before_ms: number | null = null;
  /** Before the first picture the element stands at a place that nobody looks at. */
  private begun = false;
  private stalled = false;
  private lowLatency = false;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: PlayerEvents,
    private readonly now: () => number = () => performance.now(),
    private readonly make: MakeEngine = makeEngine,
  ) {
    this.listen();
  }

  /** Opens the stream that `ask` gives leave for, at `from_ms` or at the live edge. */
  async open(ask: (held: string) => Promise<ViewingLeave>, from_ms: number | null): Promise<void> {
    this.close();
    const grant = new RenewableGrant(ask, () => this.engine?.renewed?.());
    this.grant = grant;
    const leave = await grant.renew();
    this.lowLatency = leave.mode === "low_latency";
    const engine = await this.make(this.video, {
      url: leave.url,
      lowLatency: this.lowLatency,
      from_ms,
      token: () => grant.token,
      renew: () => grant.renew(),
      events: { changed: this.events.changed, stalled: () => this.weak(), gone: this.events.gone },
    });
    if (this.grant === grant) this.engine = engine;
    else engine.destroy();
  }

  /** False where the browser wants a gesture before sound; the caller then tries again muted. */
  async play(): Promise<boolean> {
    try {
      await this.video.play();
      return true;
    } catch {
      return false;
    }
  }

  pause(): void {
    this.video.pause();
  }

  picture(): Picture {
    const { start, end } = span(this.known());
    const edge = this.engine?.edge() ?? null;
    return {
      playing: !this.video.paused && !this.stalled && !this.video.ended,
      stalled: this.stalled && !this.video.paused,
      ended: this.video.ended,
      position_ms: this.position_ms(),
      time: this.video.currentTime,
      start,
      end: edge ?? end,
      rate: this.video.playbackRate,
      muted: this.video.muted || this.video.volume === 0,
      latency_s: this.engine?.latency_s() ?? null,
      atEdge: this.atEdge(),
    };
  }

  known(): readonly Stretch[] {
    return this.engine?.known() ?? [];
  }

  /** Media clock at a place of the bar. */
  dateAt(time: number): number | null {
    return dateAt(this.known(), time);
  }

  /** Jumps to a date of the media clock; in a pause, to what follows. */
  seekTo(ms: number): void {
    const time = timeAt(this.known(), ms);
    if (time !== null) this.seek(time);
  }

  /** Jumps to player seconds, kept within what there is. */
  seek(time: number): void {
    const { start, end } = this.picture();
    this.video.currentTime = Math.min(Math.max(time, start), Math.max(start, end));
  }

  toLive(): void {
    const edge = this.engine?.edge() ?? null;
    if (edge !== null) this.video.currentTime = edge;
  }

  setRate(rate: number): void {
    this.video.playbackRate = rate;
  }

  mute(muted: boolean): void {
    this.video.muted = muted;
    if (!muted && this.video.volume === 0) this.video.volume = 1;
  }

  quality(): { levels: ReturnType<Engine["levels"]>; index: number; automatic: boolean } {
    const level = this.engine?.level() ?? { index: -1, automatic: true };
    return { levels: this.engine?.levels() ?? [], ...level };
  }

  choose(index: number): void {
    this.engine?.choose(index);
    this.events.changed();
  }

  /** Lets go of the stream; the last picture is not kept. */
  close(): void {
    this.grant?.stop();
    this.engine?.destroy();
    this.grant = null;
    this.engine = null;
    this.before_ms = null;
    this.begun = false;
  }

  destroy(): void {
    this.close();
    for (const undo of this.undo.splice(0)) undo();
  }

  private position_ms(): number | null {
    return this.begun ? (this.engine?.position_ms() ?? null) : null;
  }

  private atEdge(): boolean | null {
    const [latency, target] = [this.engine?.latency_s() ?? null, this.engine?.target_s() ?? null];
    return latency === null || target === null ? null : latency <= EDGE_FACTOR * target;
  }

  /** Gives up parts for plain segments: a little later, and steadier on a weak line. */
  steady(): void {
    if (!this.lowLatency) return;
    this.lowLatency = false;
    this.engine?.stable();
    this.events.stable();
  }

  private weak(): void {
    if (this.stalls.note(this.now())) this.steady();
  }

  private listen(): void {
    const on = (name: string, act: () => void): void => {
      const handler = (): void => {
        act();
        this.events.changed();
      };
      this.video.addEventListener(name, handler);
      this.undo.push(() => this.video.removeEventListener(name, handler));
    };
    const running = (): void => {
      this.stalled = false;
      this.begun = true;
    };
    const waiting = (): void => {
      this.stalled = true;
    };
    on("playing", running);
    on("canplay", running);
    on("waiting", waiting);
    on("timeupdate", () => this.remember());
    on("seeking", () => this.jumped());
    for (const name of ["play", "pause", "ended", "volumechange", "ratechange"]) on(name, () => undefined);
  }

  private remember(): void {
    if (!this.video.seeking) this.before_ms = this.position_ms() ?? this.before_ms;
  }

  private jumped(): void {
    if (!this.begun) return;
    const to_ms = this.position_ms() ?? this.dateAt(this.video.currentTime);
    if (this.before_ms !== null && to_ms !== null) this.events.seeked(this.before_ms, to_ms);
    this.before_ms = to_ms;
  }
}
