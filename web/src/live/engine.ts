/** What the player needs of whatever turns a playlist into pictures: hls.js, or the browser itself. */

import type { Stretch } from "./media-clock";

/** One picture size of the stream; `index` is what `quality` takes, -1 is automatic. */
export interface Level {
  readonly index: number;
  readonly height: number;
  readonly kbps: number;
}

/** `gone`: the stream is no longer given out (cut, or ended); `stalled`: nothing to play for a moment. */
export interface EngineEvents {
  readonly changed: () => void;
  readonly stalled: () => void;
  readonly gone: (status: number) => void;
}

export interface Engine {
  /** Media clock of the picture shown, UTC milliseconds. */
  position_ms(): number | null;
  /** The broadcast stretches known, for the bar and for jumps. */
  known(): readonly Stretch[];
  /** Seconds behind the encoder, and the distance that is aimed at; null for a recording. */
  latency_s(): number | null;
  target_s(): number | null;
  /** Player seconds at which the live edge is watched. */
  edge(): number | null;
  levels(): readonly Level[];
  /** The level shown, and whether it was chosen automatically. */
  level(): { readonly index: number; readonly automatic: boolean };
  choose(index: number): void;
  /** There is a new grant; for engines whose requests do not read it themselves. */
  renewed?(): void;
  /** Plain segments instead of parts. */
  stable(): void;
  destroy(): void;
}

/** What an engine is opened with; `from_ms` is the media clock to begin at, null for the live edge. */
export interface Opening {
  readonly url: string;
  readonly lowLatency: boolean;
  readonly from_ms: number | null;
  readonly token: () => string;
  readonly renew: () => Promise<unknown>;
  readonly events: EngineEvents;
}
