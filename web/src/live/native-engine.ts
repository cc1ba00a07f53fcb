/** HLS by the browser itself (Safari on a phone). It can add no header and takes its cookies when it opens an address,
 *  so the page shows media each of its grants, and media knows the player by a cookie of the stream. */

import { comeAgain, LineLost } from "@/net/refusal";
import type { Engine, Level, Opening } from "./engine";
import type { Stretch } from "./media-clock";

/** WebKit's date of player second 0, EXT-X-PROGRAM-DATE-TIME carried on. */
interface Started extends HTMLVideoElement {
  getStartDate?: () => Date;
}

/** Distance that WebKit keeps from the end of a live playlist; it tells no figure of its own. */
const TARGET_S = 4;
const RETRY_MS = 2_000;

export class NativeEngine implements Engine {
  private readonly failed = (): void => this.retry(0);
  private readonly changed = (): void => this.begin();
  private readonly stalled = (): void => this.opening.events.stalled();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private begin_ms: number | null;
  private over = false;

  private constructor(
    private readonly video: Started,
    private readonly opening: Opening,
  ) {
    this.begin_ms = opening.from_ms;
    video.addEventListener("error", this.failed);
    video.addEventListener("durationchange", this.changed);
    video.addEventListener("stalled", this.stalled);
    if (absolute(opening.url).origin !== location.origin) video.crossOrigin = "use-credentials";
    video.src = opening.url;
  }

  /** Opens the stream once media knows the player; when it does not answer, the player's own error is mended. */
  static async open(video: HTMLVideoElement, opening: Opening): Promise<NativeEngine> {
    await show(opening).catch(() => undefined);
    return new NativeEngine(video, opening);
  }

  renewed(): void {
    show(this.opening).catch(() => undefined);
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
    this.over = true;
    clearTimeout(this.timer);
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
    const zero = this.zero();
    if (this.begin_ms !== null && zero !== null) {
      this.video.currentTime = Math.max(0, (this.begin_ms - zero) / 1000);
      this.begin_ms = null;
    }
    this.opening.events.changed();
  }

  private retry(after_ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.reopen(), after_ms);
  }

  /** After an error, of which the browser tells no reason: ask for it, and open the stream anew if there is none. */
  private async reopen(): Promise<void> {
    try {
      await this.opening.renew();
      await show(this.opening);
      const { ok, status } = await ask(absolute(this.opening.url), "GET", this.opening);
      if (this.over) return;
      if (status === 404 || status === 410) this.opening.events.gone(status);
      else if (ok) this.again();
      else this.retry(RETRY_MS);
    } catch (reason) {
      if (this.over) return;
      if (comeAgain(reason)) this.retry(RETRY_MS);
      else this.opening.events.gone(403);
    }
  }

  private again(): void {
    const playing = !this.video.paused;
    if (!this.live) this.begin_ms ??= this.position_ms();
    this.video.src = this.opening.url;
    if (playing) this.video.play().catch(() => undefined);
  }

  private zero(): number | null {
    const date = this.video.getStartDate?.().getTime();
    return date === undefined || Number.isNaN(date) ? null : date;
  }
}

function absolute(url: string): URL {
  return new URL(url, location.href);
}

/** Lets the player in with the newest grant. */
function show(opening: Opening): Promise<Response> {
  return ask(new URL("viewer", absolute(opening.url)), "POST", opening);
}

async function ask(url: URL, method: string, { token }: Opening): Promise<Response> {
  const headers = { Authorization: `Bearer ${token()}` };
  try {
    return await fetch(url, { method, headers, credentials: "include" });
  } catch {
    throw new LineLost();
  }
}
