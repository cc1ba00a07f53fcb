import { describe, expect, it } from "vitest";

import { BATCH, type Condition, Heartbeat } from "./heartbeat";

const LIMITS = { interval_ms: 15_000, late_ms: 150_000 };
const AIR = 1_764_032_400_000;

function playing(change: Partial<Condition> = {}): Condition {
  return { playing: true, visible: true, rate: 1, position_ms: AIR, ...change };
}

function begun(change: Partial<Condition> = {}): Heartbeat {
  const heartbeat = new Heartbeat(LIMITS, playing(change), 0);
  heartbeat.acknowledge(1, 0);
  return heartbeat;
}

/** `playing`, `visible` and `since_previous_ms` of each beat kept. */
function told(heartbeat: Heartbeat, now: number): [boolean, boolean, number][] {
  return heartbeat.batch(now).map((b) => [b.playing, b.visible, b.since_previous_ms]);
}

describe("heartbeat", () => {
  it("begins with a beat that opens the interval and has the fields of version 1 alone", () => {
    const more = { ...playing(), volume: 1 };
    const heartbeat = new Heartbeat(LIMITS, more, 500);
    expect(heartbeat.batch(500)).toEqual([
      { seq: 1, position_ms: AIR, rate: 1, since_previous_ms: 0, playing: true, visible: true, ended: false },
    ]);
  });

  it("beats once every interval and not before", () => {
    const heartbeat = begun();
    expect(heartbeat.tick(AIR + 14_999, 1, 14_999)).toBe(false);
    expect(heartbeat.tick(AIR + 15_000, 1.05, 15_000)).toBe(true);
    expect(heartbeat.tick(AIR + 29_000, 1, 29_000)).toBe(false);
    expect(heartbeat.batch(29_000)).toMatchObject([{ seq: 2, position_ms: AIR + 15_000, rate: 1.05 }]);
  });

  it("tells of the time before hiding as visible and of the time after as hidden", () => {
    const heartbeat = begun();
    heartbeat.change({ visible: false, position_ms: AIR + 4_000 }, 4_000);
    heartbeat.tick(AIR + 19_000, 1, 19_000);
    heartbeat.change({ visible: true, position_ms: AIR + 20_000 }, 20_000);
    expect(told(heartbeat, 20_000)).toEqual([
      [true, true, 4_000],
      [true, false, 0],
      [true, false, 15_000],
      [true, false, 1_000],
      [true, true, 0],
    ]);
  });

  it("tells of a pause at the moment of the pause", () => {
    const heartbeat = begun();
    heartbeat.change({ playing: false, position_ms: AIR + 7_000 }, 7_000);
    expect(heartbeat.counting).toBe(false);
    expect(told(heartbeat, 7_000)).toEqual([
      [true, true, 7_000],
      [false, true, 0],
    ]);
  });

  it("makes no beat when nothing has changed", () => {
    const heartbeat = begun();
    expect(heartbeat.change({ playing: true, position_ms: AIR + 1 }, 1)).toBe(false);
    expect(heartbeat.batch(1)).toEqual([]);
  });

  it("tells both ends of a jump", () => {
    const heartbeat = begun();
    heartbeat.seek(AIR + 3_000, AIR - 60_000, 3_000);
    expect(heartbeat.batch(3_000).map((b) => [b.position_ms - AIR, b.since_previous_ms])).toEqual([
      [3_000, 3_000],
      [-60_000, 0],
    ]);
  });

  it("ends with one last beat and is silent afterwards", () => {
    const heartbeat = begun();
    heartbeat.end(5_000);
    heartbeat.end(5_001);
    heartbeat.change({ visible: false }, 6_000);
    heartbeat.seek(AIR, AIR + 9, 6_500);
    expect(heartbeat.tick(AIR, 1, 40_000)).toBe(false);
    expect(heartbeat.batch(40_000)).toMatchObject([{ seq: 2, ended: true }]);
    expect(heartbeat.counting).toBe(false);
  });

  it("keeps beats until they are acknowledged", () => {
    const heartbeat = begun();
    heartbeat.tick(AIR + 15_000, 1, 15_000);
    heartbeat.tick(AIR + 30_000, 1, 30_000);
    expect(heartbeat.batch(31_000).map((b) => b.seq)).toEqual([2, 3]);
    heartbeat.acknowledge(2, 31_000);
    expect(heartbeat.batch(31_000).map((b) => b.seq)).toEqual([3]);
  });

  it("sends all beats of a break of 110 s and only the newest after 151 s", () => {
    const heartbeat = begun();
    for (let at = 15_000; at <= 150_000; at += 15_000) heartbeat.tick(AIR + at, 1, at);
    expect(heartbeat.batch(110_000)).toHaveLength(10);
    expect(heartbeat.batch(150_000)).toHaveLength(10);
    expect(heartbeat.batch(150_001).map((b) => b.seq)).toEqual([11]);
  });

  it("closes what was kept over a break with a beat of the moment", () => {
    const heartbeat = begun();
    heartbeat.tick(AIR + 15_000, 1, 15_000);
    heartbeat.fresh(AIR + 22_000, 1, 22_000);
    expect(told(heartbeat, 22_000)).toEqual([
      [true, true, 15_000],
      [true, true, 7_000],
    ]);
  });

  it("never keeps more than one batch", () => {
    const heartbeat = begun();
    for (let at = 1; at <= BATCH; at += 1) heartbeat.change({ visible: at % 2 === 0 }, at);
    const batch = heartbeat.batch(300);
    expect(batch).toHaveLength(BATCH);
    expect(batch[BATCH - 1]?.seq).toBe(2 * BATCH + 1);
  });
});
