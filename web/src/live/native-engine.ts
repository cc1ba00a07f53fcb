/** HLS by the browser itself (Safari on a phone): it cannot add a header, so the grant is in the address. */

import type { Engine, Level, Opening } from "./engine";
import type { Stretch } from "./media-clock";

/** WebKit's date of player second 0, EXT-X-PROGRAM-DATE-TIME carried on. */
interface Started extends HTMLVideoElement {
  getStartDate?: () => Date;
}

/** Distance that WebKit keeps from the end of a live playlist; it tells no figure of its own. */
const TARGET_S = 4;

export class NativeEngine implements Engine {
  private readonly failed = (): void => this.opening.events.gone(0);
  private readonly changed = (): void => this.begin();
  private readonly stalled = (): void => this.opening.events.stalled();
  private begun = false;

  constructor(
    private readonly video: Started,
    private readonly opening: Opening,
  ) {
    video.addEventListener("error", this.failed);
    video.addEventListener("durationchange", this.changed);
    video.addEventListener("stalled", this.stalled);
    video.src = `${opening.url}?grant=${encodeURIComponent(opening.token())}`;
  }

  position_ms(): number | null {
    const zero = this.zero();
    return zero === null ? null : zero + this.video.currentTime * 1000;
  }

  known(): readonly Stretch[] {
    const zero = this.zero();
    const { seekable } = this.video;
    if (zero === null || seekable.length === 0) return [];
    const [start, end] = [seekable.start(0), seekable.end(seekable.length - 1)];
    return [{ start, from_ms: zero + start * 1000, until_ms: zero + end * 1000 }];
  }

  latency_s(): number | null {
    const edge = this.edge();
    return edge === null ? null : Math.max(0, edge + TARGET_S - this.video.currentTime);
  }

  target_s(): number | null {
    return this.live ? TARGET_S : null;
  }

  edge(): number | null {
    const { seekable } = this.video;
    return this.live && seekable.length > 0 ? seekable.end(seekable.length - 1) - TARGET_S : null;
  }

  levels(): readonly Level[] {
    return [];
  }

  level(): { index: number; automatic: boolean } {
    return { index: -1, automatic: true };
  }

  choose(): void {
    // The browser alone decides here; `levels()` offers nothing to choose.
  }

  stable(): void {
    // The browser alone decides here.
  }

  destroy(): void {
    this.video.removeEventListener("error", this.failed);
    this.video.removeEventListener("durationchange", this.changed);
    this.video.removeEventListener("stalled", this.stalled);
    this.video.removeAttribute("src");
    this.video.load();
  }

  private get live(): boolean {
    return this.video.duration === Number.POSITIVE_INFINITY;
  }

  private begin(): void {
    const { from_ms, events } = this.opening;
    const zero = this.zero();
    if (!this.begun && from_ms !== null && zero !== null) {
      this.begun = true;
      this.video.currentTime = Math.max(0, (from_ms - zero) / 1000);
    }
    events.changed();
  }

  private zero(): number | null {
    const date = this.video.getStartDate?.().getTime();
    return date === undefined || Number.isNaN(date) ? null : date;
  }
}
