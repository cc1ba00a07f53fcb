import { beforeEach, describe, expect, it } from "vitest";

import { Attending, type Ports, type Watching } from "./attending";
import type { Beat } from "./heartbeat";

const AIR = 1_764_032_400_000;
type Data = Record<string, unknown>;

/** A server that answers from a table and pushes events by hand. */
class FakeServer {
  now = 0;
  sent: [string, Data][] = [];
  answers: Record<string, (data: Data) => unknown> = {
    "stay.open": () => ({
      stay: `s${this.opened()}`,
      earning: true,
      other: null,
      interval_s: 15,
      late_s: 150,
    }),
    "stay.take": ({ stay }) => ({ stay, earning: true, other: null, interval_s: 15, late_s: 150 }),
    "beat.send": ({ beats }) => {
      const list = beats as Beat[];
      return { acked_seq: list[list.length - 1]?.seq, verdicts: [], verified_ms: 60_000, pending_ms: 15_000 };
    },
  };
  private handlers = new Map<string, (data: Data) => void>();

  ports: Ports = {
    send: async <T>(type: string, data: object): Promise<T> => {
      this.sent.push([type, data as Data]);
      return (this.answers[type]?.(data as Data) ?? {}) as T;
    },
    on: (type, handler) => {
      this.handlers.set(type, handler);
      return () => this.handlers.delete(type);
    },
    onReady: () => () => undefined,
    isLost: () => false,
    now: () => this.now,
    changed: () => undefined,
  };

  push(type: string, data: Data): void {
    this.handlers.get(type)?.(data);
  }

  count(type: string): number {
    return this.sent.filter(([name]) => name === type).length;
  }

  beats(): Beat[] {
    return this.sent.flatMap(([type, data]) => (type === "beat.send" ? (data.beats as Beat[]) : []));
  }

  private opened(): number {
    return this.count("stay.open");
  }
}

let server: FakeServer;
let visit: Attending;

function watching(change: Partial<Watching> = {}): Watching {
  return { position_ms: AIR + server.now, rate: 1, playing: true, visible: true, ...change };
}

/** Lets promises that were settled run on. */
async function settle(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
}

async function pass(ms: number, change: Partial<Watching> = {}): Promise<void> {
  server.now += ms;
  visit.follow(watching(change));
  await settle();
}

beforeEach(async () => {
  server = new FakeServer();
  visit = new Attending({ kind: "class", id: "k1" }, "电脑 Chrome", server.ports);
});

describe("attending", () => {
  it("opens a stay and beats at once and every interval", async () => {
    await visit.open();
    await pass(0);
    await pass(15_000);
    expect(server.sent[0]).toEqual([
      "stay.open",
      { activity: { kind: "class", id: "k1" }, device: "电脑 Chrome" },
    ]);
    expect(server.beats().map((b) => [b.seq, b.since_previous_ms])).toEqual([
      [1, 0],
      [2, 15_000],
    ]);
  });

  it("makes no beat before there is a picture", async () => {
    await visit.open();
    await pass(20_000, { position_ms: null });
    expect(server.beats()).toEqual([]);
  });

  it("shows what was counted and carries it on for one interval at most", async () => {
    await visit.open();
    await pass(0);
    server.now += 4_000;
    expect(visit.counted()).toBe(79_000);
    server.now += 60_000;
    expect(visit.counted()).toBe(90_000);
  });

  it("stands still while a beat was refused, but not for one that only begins", async () => {
    await visit.open();
    server.answers["beat.send"] = ({ beats }) => {
      const seq = (beats as Beat[]).length > 0 ? (beats as Beat[])[0]?.seq : 0;
      const verdicts = [{ seq, counted_ms: 0, reason: "beat.late" }];
      return { acked_seq: seq, verdicts, verified_ms: 60_000, pending_ms: 0 };
    };
    await pass(0);
    server.now += 4_000;
    expect([visit.uncounted, visit.counted()]).toEqual([null, 64_000]);
    await pass(11_000);
    server.now += 4_000;
    expect([visit.uncounted, visit.counted()]).toEqual(["beat.late", 60_000]);
  });

  it("makes no beats here while another device earns, until it is taken over", async () => {
    const other = { device: "手机", since: "2026-09-16T02:02:00Z" };
    server.answers["stay.open"] = () => ({ stay: "s1", earning: false, other, interval_s: 15, late_s: 150 });
    await visit.open();
    await pass(20_000);
    expect([visit.state.at, server.beats().length]).toEqual(["choosing", 0]);
    await visit.take();
    await pass(0);
    expect([visit.state.at, server.beats().length]).toEqual(["earning", 1]);
  });

  it("stops at once when the other device took over, and can be turned back", async () => {
    await visit.open();
    await pass(0);
    server.push("stay.moved", { stay: "s1", to_device: "手机 Safari" });
    await pass(30_000);
    expect(visit.state).toEqual({ at: "moved", stay: "s1", device: "手机 Safari" });
    expect(server.beats()).toHaveLength(1);
    await visit.take();
    expect(server.beats()).toHaveLength(2);
  });

  it("tells both ends of a jump", async () => {
    await visit.open();
    await pass(0);
    visit.seeked(AIR + 5_000, AIR - 60_000);
    await settle();
    expect(server.beats().map((b) => b.position_ms - AIR)).toEqual([0, 5_000, -60_000]);
  });

  it("rests without making less of the visit", async () => {
    await visit.open();
    await pass(0);
    await visit.rest(true);
    expect(visit.resting).toBe(true);
    expect(server.sent[server.sent.length - 1]).toEqual(["stay.rest", { stay: "s1", resting: true }]);
  });

  it("ends with one last beat and makes none afterwards", async () => {
    await visit.open();
    await pass(0);
    visit.destroy();
    await pass(30_000);
    expect(server.beats().map((b) => b.ended)).toEqual([false, true]);
  });

  it("goes on after its end as a visit of its own", async () => {
    await visit.open();
    await pass(0);
    visit.end();
    await visit.again();
    await pass(15_000);
    expect(server.count("stay.open")).toBe(2);
    expect(server.beats().map((b) => [b.seq, b.ended])).toEqual([
      [1, false],
      [2, true],
      [1, false],
      [2, false],
    ]);
  });

  it("opens one new stay when the server knows the old one no more", async () => {
    await visit.open();
    server.answers["beat.send"] = () => {
      throw new Error("stay.unknown");
    };
    await pass(0);
    await pass(15_000);
    await pass(15_000);
    expect(server.count("stay.open")).toBe(2);
  });
});

describe("presence check of a visit", () => {
  beforeEach(async () => {
    await visit.open();
    await pass(0);
    server.push("check.asked", { check: "c1", stay: "s1", answer_s: 120 });
  });

  it("is confirmed as shown and answered after the guard", async () => {
    visit.shown();
    expect(visit.answer()).toBe(false);
    server.now += 800;
    expect(visit.answer()).toBe(true);
    expect(visit.check).toBeNull();
    expect(server.sent.slice(-2)).toEqual([
      ["check.shown", { check: "c1" }],
      ["check.answer", { check: "c1" }],
    ]);
  });

  it("is confirmed again when it is asked again, with its time running on", () => {
    const before = visit.check;
    server.now += 20_000;
    server.push("check.asked", { check: "c1", stay: "s1", answer_s: 120 });
    expect(visit.check).toBe(before);
    expect(server.count("check.shown")).toBe(1);
  });

  it("stays open when missed and leaves a note once answered", () => {
    server.push("check.missed", { check: "c1", from_ms: AIR, until_ms: AIR + 60_000 });
    server.now += 300_000;
    expect(visit.check?.missed).toEqual({ from_ms: AIR, until_ms: AIR + 60_000 });
    expect(visit.answer()).toBe(true);
    expect(visit.missed).toEqual({ from_ms: AIR, until_ms: AIR + 60_000 });
    visit.dismissMissed();
    expect(visit.missed).toBeNull();
  });

  it("is not mine when it was asked of another stay", () => {
    visit.check = null;
    server.push("check.asked", { check: "c2", stay: "other", answer_s: 120 });
    expect(visit.check).toBeNull();
  });
});
