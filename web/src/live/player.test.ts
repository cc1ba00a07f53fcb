import { beforeEach, describe, expect, it } from "vitest";
import type { Engine, Opening } from "./engine";
import { stretches } from "./media-clock";
import { Player } from "./player";

const AIR = 1_764_032_400_000;
const KNOWN = stretches([
  { start: 0, duration: 100, programDateTime: AIR },
  { start: 100, duration: 50, programDateTime: AIR + 700_000 },
]);

/** An engine that plays nothing and answers what it is told to. */
class Still implements Engine {
  latency: number | null = 4;
  at_ms = AIR;
  plain = false;
  gone = false;
  position_ms = () => this.at_ms;
  known = () => KNOWN;
  latency_s = () => this.latency;
  target_s = () => (this.latency === null ? null : 3);
  edge = () => (this.latency === null ? null : 147);
  levels = () => [{ index: 0, height: 720, kbps: 1500 }];
  level = () => ({ index: 0, automatic: true });
  choose = () => undefined;
  stable = () => {
    this.plain = true;
  };
  destroy = () => {
    this.gone = true;
  };
}

let engine: Still;
let opening: Opening;
let told: string[];
let now: number;
let video: HTMLVideoElement;

async function opened(mode: "low_latency" | "stable" = "low_latency"): Promise<Player> {
  const events = {
    changed: () => undefined,
    seeked: (from: number, to: number) => told.push(`seek ${from - AIR} ${to - AIR}`),
    stable: () => told.push("stable"),
    gone: (status: number) => told.push(`gone ${status}`),
  };
  const player = new Player(
    video,
    events,
    () => now,
    (_, given) => {
      opening = given;
      return engine;
    },
  );
  await player.open(async () => ({ url: "/media/live/k/index.m3u8", grant: "g", expires_at: 0, mode }), null);
  return player;
}

function fire(name: string): void {
  video.dispatchEvent(new Event(name));
}

beforeEach(() => {
  engine = new Still();
  told = [];
  now = 0;
  video = document.createElement("video");
  Object.defineProperty(video, "paused", { value: false, writable: true });
});

describe("player", () => {
  it("gives the newest grant to the engine", async () => {
    const player = await opened();
    expect([opening.url, opening.lowLatency, opening.token()]).toEqual([
      "/media/live/k/index.m3u8",
      true,
      "g",
    ]);
    player.destroy();
  });

  it("is at the live edge within twice the target and behind it beyond", async () => {
    const player = await opened();
    expect(player.picture().atEdge).toBe(true);
    engine.latency = 6.1;
    expect(player.picture().atEdge).toBe(false);
    engine.latency = null;
    expect(player.picture()).toMatchObject({ atEdge: null, latency_s: null, end: 150 });
  });

  it("does not play while it waits for data", async () => {
    const player = await opened();
    expect(player.picture()).toMatchObject({ playing: true, stalled: false });
    fire("waiting");
    expect(player.picture()).toMatchObject({ playing: false, stalled: true });
    fire("playing");
    expect(player.picture()).toMatchObject({ playing: true, stalled: false });
  });

  it("has no position before the first picture, wherever the element stands", async () => {
    const player = await opened();
    fire("timeupdate");
    fire("seeking");
    expect([player.picture().position_ms, told]).toEqual([null, []]);
    fire("canplay");
    expect(player.picture().position_ms).toBe(AIR);
  });

  it("tells both ends of a jump on the media clock", async () => {
    await opened();
    fire("playing");
    engine.at_ms = AIR + 40_000;
    fire("timeupdate");
    engine.at_ms = AIR + 5_000;
    fire("seeking");
    expect(told).toEqual(["seek 40000 5000"]);
  });

  it("jumps over a pause to what was broadcast after it", async () => {
    const player = await opened();
    player.seekTo(AIR + 400_000);
    expect(video.currentTime).toBe(100);
  });

  it("keeps a jump within what there is", async () => {
    const player = await opened();
    player.seek(9_999);
    expect(video.currentTime).toBe(147);
    player.seek(-5);
    expect(video.currentTime).toBe(0);
  });

  it("goes back to the live edge when asked", async () => {
    const player = await opened();
    player.toLive();
    expect(video.currentTime).toBe(147);
  });

  it("gives up parts at the second stall within a minute, once", async () => {
    const player = await opened();
    opening.events.stalled();
    now = 30_000;
    opening.events.stalled();
    opening.events.stalled();
    opening.events.stalled();
    expect([told, engine.plain, player.stalls.total]).toEqual([["stable"], true, 4]);
  });

  it("has no parts to give up in the stable mode", async () => {
    await opened("stable");
    opening.events.stalled();
    opening.events.stalled();
    expect(told).toEqual([]);
  });

  it("passes on that the stream is gone and lets the engine go", async () => {
    const player = await opened();
    opening.events.gone(410);
    player.destroy();
    expect([told, engine.gone]).toEqual([["gone 410"], true]);
  });
});
