/** Low-latency HLS by hls.js: the grant with every request, errors mended or told. */

import Hls, { type ErrorData, type HlsConfig } from "hls.js/light";

import { comeAgain } from "@/net/refusal";
import type { Engine, Level, Opening } from "./engine";
import { dateAt, type Stretch, stretches, timeAt } from "./media-clock";

const RETRY_MS = [1_000, 2_000, 5_000];
/** Seconds kept behind the picture; older ones are fetched again when wanted. */
const BACK_BUFFER_S = 60;

/** `liveSyncDuration*` stay unset: setting either turns PART-HOLD-BACK off. */
export function config(opening: Pick<Opening, "lowLatency" | "token">): Partial<HlsConfig> {
  const bearer = (): string => `Bearer ${opening.token()}`;
  return {
    lowLatencyMode: opening.lowLatency,
    maxLiveSyncPlaybackRate: 1.2,
    backBufferLength: BACK_BUFFER_S,
    enableWorker: false,
    xhrSetup: (xhr, url) => {
      xhr.open("GET", url, true);
      xhr.setRequestHeader("Authorization", bearer());
    },
    fetchSetup: (context, init) => {
      const headers = new Headers(init.headers);
      headers.set("Authorization", bearer());
      return new Request(context.url, { ...init, headers });
    },
  };
}

/** Plays `opening.url` in `video`; throws where the browser has no media source. */
export class HlsEngine implements Engine {
  private readonly hls: Hls;
  private timeline: Stretch[] = [];
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly opening: Opening,
    make: (config: Partial<HlsConfig>) => Hls = (settings) => new Hls(settings),
  ) {
    this.hls = make(config(opening));
    this.listen();
    this.hls.attachMedia(video);
    this.hls.loadSource(opening.url);
  }

  position_ms(): number | null {
    const playing = this.hls.playingDate;
    return playing ? playing.getTime() : dateAt(this.timeline, this.video.currentTime);
  }

  known(): readonly Stretch[] {
    return this.timeline;
  }

  latency_s(): number | null {
    return this.live ? this.hls.latency : null;
  }

  target_s(): number | null {
    return this.live ? this.hls.targetLatency : null;
  }

  edge(): number | null {
    return this.live ? this.hls.liveSyncPosition : null;
  }

  levels(): readonly Level[] {
    return this.hls.levels.map(({ height, bitrate }, index) => ({
      index,
      height,
      kbps: Math.round(bitrate / 1000),
    }));
  }

  level(): { index: number; automatic: boolean } {
    return { index: this.hls.currentLevel, automatic: this.hls.autoLevelEnabled };
  }

  choose(index: number): void {
    this.hls.nextLevel = index;
  }

  stable(): void {
    this.hls.lowLatencyMode = false;
  }

  destroy(): void {
    clearTimeout(this.retry);
    this.hls.destroy();
  }

  private get live(): boolean {
    return this.hls.latestLevelDetails?.live ?? false;
  }

  private listen(): void {
    const { events, from_ms } = this.opening;
    this.hls.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
      const first = this.timeline.length === 0;
      this.timeline = stretches(details.fragments);
      this.failures = 0;
      if (first && from_ms !== null) this.hls.startLoad(timeAt(this.timeline, from_ms) ?? -1);
      events.changed();
    });
    this.hls.on(Hls.Events.LEVEL_SWITCHED, () => events.changed());
    this.hls.on(Hls.Events.ERROR, (_, data) => this.failed(data));
  }

  private failed(data: ErrorData): void {
    if (data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) this.opening.events.stalled();
    const status = data.response?.code ?? 0;
    if (status === 401 || status === 403) this.refused();
    else if (!data.fatal) return;
    else if (status === 404 || status === 410) this.opening.events.gone(status);
    else if (data.type === Hls.ErrorTypes.MEDIA_ERROR) this.hls.recoverMediaError();
    else this.again();
  }

  private refused(): void {
    this.opening.renew().then(
      () => this.again(),
      (reason: unknown) => (comeAgain(reason) ? this.again() : this.opening.events.gone(403)),
    );
  }

  private again(): void {
    const after = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      if (this.hls.levels.length === 0) this.hls.loadSource(this.opening.url);
      else this.hls.startLoad(-1);
    }, after);
  }
}
