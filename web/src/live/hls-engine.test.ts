import Hls from "hls.js";
import { describe, expect, it, vi } from "vitest";
import { LineLost, Refusal } from "@/net/refusal";
import type { Opening } from "./engine";
import { config, HlsEngine } from "./hls-engine";

const AIR = 1_764_032_400_000;
type Handler = (name: string, data: Record<string, unknown>) => void;

/** The part of hls.js that is used, with its events fired by hand. */
class FakeHls {
  handlers = new Map<string, Handler>();
  calls: string[] = [];
  levels: unknown[] = [];
  playingDate: Date | null = null;
  latestLevelDetails = { live: true };
  latency = 4;
  on(name: string, handler: Handler): void {
    this.handlers.set(name, handler);
  }
  fire(name: string, data: Record<string, unknown>): void {
    this.handlers.get(name)?.(name, data);
  }
  attachMedia = () => void this.calls.push("attach");
  loadSource = (url: string) => void this.calls.push(`load ${url}`);
  startLoad = (at: number) => void this.calls.push(`start ${at}`);
  recoverMediaError = () => void this.calls.push("recover");
  destroy = () => void this.calls.push("destroy");
}

function opened(change: Partial<Opening> = {}): { hls: FakeHls; engine: HlsEngine; told: string[] } {
  const hls = new FakeHls();
  const told: string[] = [];
  const opening: Opening = {
    url: "/u",
    lowLatency: true,
    from_ms: null,
    token: () => "g1",
    renew: async () => told.push("renew"),
    events: {
      changed: () => told.push("changed"),
      stalled: () => told.push("stalled"),
      gone: (status) => told.push(`gone ${status}`),
    },
    ...change,
  };
  const engine = new HlsEngine(document.createElement("video"), opening, () => hls as unknown as Hls);
  return { hls, engine, told };
}

const DETAILS = { details: { fragments: [{ start: 10, duration: 4, programDateTime: AIR }] } };

describe("hls engine", () => {
  it("leaves the hold back to the playlist and catches up gently", () => {
    const settings = config({ lowLatency: true, token: () => "g" });
    expect(settings).toMatchObject({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.2 });
    expect(settings).not.toHaveProperty("liveSyncDuration");
    expect(settings).not.toHaveProperty("liveSyncDurationCount");
  });

  it("sends the grant of the moment with every request", async () => {
    let token = "g1";
    const settings = config({ lowLatency: true, token: () => token });
    const xhr = { open: vi.fn(), setRequestHeader: vi.fn() };
    token = "g2";
    settings.xhrSetup?.(xhr as unknown as XMLHttpRequest, "/u", {} as never);
    expect(xhr.setRequestHeader).toHaveBeenCalledWith("Authorization", "Bearer g2");
    const request = await settings.fetchSetup?.({ url: "http://127.0.0.1/u" } as never, { headers: {} });
    expect(request?.headers.get("Authorization")).toBe("Bearer g2");
  });

  it("tells the media clock by the playlist when hls.js has no picture yet", () => {
    const { hls, engine } = opened();
    expect(engine.position_ms()).toBeNull();
    hls.fire(Hls.Events.LEVEL_UPDATED, DETAILS);
    expect(engine.position_ms()).toBe(AIR - 10_000);
    hls.playingDate = new Date(AIR + 1_500);
    expect(engine.position_ms()).toBe(AIR + 1_500);
  });

  it("begins at the given date", () => {
    const { hls } = opened({ from_ms: AIR + 2_000 });
    hls.fire(Hls.Events.LEVEL_UPDATED, DETAILS);
    hls.fire(Hls.Events.LEVEL_UPDATED, DETAILS);
    expect(hls.calls).toEqual(["attach", "load /u", "start 12"]);
  });

  it("renews the grant when it was refused and loads again", async () => {
    vi.useFakeTimers();
    const { hls, told } = opened();
    hls.levels = [{}];
    hls.fire(Hls.Events.ERROR, { fatal: true, response: { code: 401 } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect([told, hls.calls.slice(2)]).toEqual([["renew"], ["start -1"]]);
    vi.useRealTimers();
  });

  it("tells that a cut stream is gone and does not try again", () => {
    const { hls, told } = opened();
    hls.fire(Hls.Events.ERROR, { fatal: true, response: { code: 410 } });
    expect([told, hls.calls]).toEqual([["gone 410"], ["attach", "load /u"]]);
  });

  it("gives up a stream that it may not watch any more, and none because nobody answers", async () => {
    for (const [reason, wanted] of [
      [new Refusal({ code: "class.excluded" }, 403), "gone 403"],
      [new Refusal({ code: "server.busy" }, 503), undefined],
      [new LineLost(), undefined],
    ] as const) {
      const { hls, told } = opened({ renew: () => Promise.reject(reason) });
      hls.fire(Hls.Events.ERROR, { fatal: false, response: { code: 401 } });
      await Promise.resolve();
      await Promise.resolve();
      expect(told[0]).toBe(wanted);
    }
  });

  it("mends a decoder error and counts a stall", () => {
    const { hls, told } = opened();
    hls.fire(Hls.Events.ERROR, { fatal: false, details: Hls.ErrorDetails.BUFFER_STALLED_ERROR });
    hls.fire(Hls.Events.ERROR, { fatal: true, type: Hls.ErrorTypes.MEDIA_ERROR });
    expect([told, hls.calls.slice(2)]).toEqual([["stalled"], ["recover"]]);
  });

  it("tries a lost line again after 1, 2 and 5 seconds", async () => {
    vi.useFakeTimers();
    const { hls } = opened();
    for (const wait of [1_000, 2_000, 5_000, 5_000]) {
      hls.fire(Hls.Events.ERROR, { fatal: true, type: Hls.ErrorTypes.NETWORK_ERROR });
      await vi.advanceTimersByTimeAsync(wait - 1);
      const before = hls.calls.length;
      await vi.advanceTimersByTimeAsync(1);
      expect(hls.calls.length).toBe(before + 1);
    }
    vi.useRealTimers();
  });
});
