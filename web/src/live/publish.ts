/** The lecturer's way to the class: connects, watches the line, comes back with fresh leave when it is lost. */

import type { Leave } from "./grant";
import { type Sample, sample, type Uplink, uplink } from "./uplink";
import { publish, WhipError, type WhipParts, type WhipSession } from "./whip";

/** `refused`: trying again cannot help (no H.264, taken by another studio, no leave). */
export type PublishState =
  | { readonly at: "off" }
  | { readonly at: "connecting" }
  | { readonly at: "sending" }
  | { readonly at: "lost"; readonly retry_ms: number }
  | { readonly at: "refused"; readonly status: number; readonly code: string | null };

export interface PublishEvents {
  readonly state: (state: PublishState) => void;
  readonly uplink: (uplink: Uplink) => void;
}

const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 10_000];
/** ICE recovers by itself from a short silence; after this a new session is quicker. */
const DISCONNECTED_MS = 4_000;
const SAMPLE_MS = 2_000;
const FINAL = new Set([400, 403, 404, 406, 409, 410, 415, 422]);

/** Whether a failure is an answer rather than a bad moment. */
function final(reason: unknown): { status: number; code: string | null } | null {
  const { status, code } = reason as { status?: unknown; code?: unknown };
  if (typeof status !== "number" || !FINAL.has(status)) return null;
  return { status, code: typeof code === "string" ? code : null };
}

export class Publisher {
  private session: WhipSession | null = null;
  private stream: MediaStream | null = null;
  private failures = 0;
  private run = 0;
  private before: Sample | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private meter: ReturnType<typeof setInterval> | undefined;

  /** `leave` asks the server for a grant; each is good for one session. */
  constructor(
    private readonly leave: () => Promise<Leave>,
    private readonly events: PublishEvents,
    private readonly parts: WhipParts,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async start(stream: MediaStream): Promise<void> {
    this.run += 1;
    const { run } = this;
    await this.drop();
    if (run !== this.run) return;
    this.stream = stream;
    this.failures = 0;
    await this.connect();
  }

  /** Another camera, microphone or the screen on the same session; no gap for the learners. */
  async replace(stream: MediaStream): Promise<void> {
    this.stream = stream;
    for (const sender of this.session?.peer.getSenders() ?? []) {
      const track = stream.getTracks().find(({ kind }) => kind === sender.track?.kind);
      if (track && track !== sender.track) await sender.replaceTrack(track);
    }
  }

  async stop(): Promise<void> {
    this.run += 1;
    this.stream = null;
    await this.drop();
    this.events.state({ at: "off" });
  }

  /** Tries at once instead of at the next time-out. */
  async retryNow(): Promise<void> {
    if (!this.stream || this.session) return;
    clearTimeout(this.timer);
    await this.connect();
  }

  private async connect(): Promise<void> {
    const { stream } = this;
    if (!stream) return;
    this.run += 1;
    const { run } = this;
    this.events.state({ at: "connecting" });
    try {
      const session = await publish(await this.leave(), stream, this.parts);
      if (run !== this.run) return await session.end();
      this.session = session;
      this.watch(session, run);
    } catch (reason) {
      if (run === this.run) this.failed(reason);
    }
  }

  private watch(session: WhipSession, run: number): void {
    const { peer } = session;
    const look = (): void => {
      if (run !== this.run) return;
      clearTimeout(this.timer);
      if (peer.connectionState === "connected") this.sending();
      if (peer.connectionState === "failed") void this.lose(run);
      if (peer.connectionState === "disconnected") {
        this.timer = setTimeout(() => void this.lose(run), DISCONNECTED_MS);
      }
    };
    peer.addEventListener("connectionstatechange", look);
    look();
    this.listenForClose(session, run);
    this.before = null;
    this.meter = setInterval(() => void this.measure(session), SAMPLE_MS);
  }

  /** Whoever takes the place of this page makes media close the line; ICE alone would find out half a minute later. */
  private listenForClose(session: WhipSession, run: number): void {
    const transport = session.peer.getSenders()[0]?.transport;
    transport?.addEventListener("statechange", () => {
      if (transport.state === "closed" || transport.state === "failed") void this.lose(run);
    });
  }

  private sending(): void {
    this.failures = 0;
    this.events.state({ at: "sending" });
  }

  private async measure(session: WhipSession): Promise<void> {
    const reports: Record<string, unknown>[] = [];
    (await session.peer.getStats()).forEach((report) => void reports.push(report));
    if (session !== this.session) return;
    const taken = sample(reports, this.now());
    const found = this.before && uplink(this.before, taken);
    this.before = taken;
    if (found) this.events.uplink(found);
  }

  private async lose(run: number): Promise<void> {
    if (run !== this.run) return;
    await this.drop();
    if (run === this.run) this.failed(new WhipError(0));
  }

  private failed(reason: unknown): void {
    const refused = final(reason);
    if (refused) {
      this.stream = null;
      this.events.state({ at: "refused", ...refused });
      return;
    }
    const retry_ms = BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)] ?? 0;
    this.failures += 1;
    this.events.state({ at: "lost", retry_ms });
    this.timer = setTimeout(() => void this.connect(), retry_ms);
  }

  private async drop(): Promise<void> {
    clearTimeout(this.timer);
    clearInterval(this.meter);
    const { session } = this;
    this.session = null;
    await session?.end();
  }
}
