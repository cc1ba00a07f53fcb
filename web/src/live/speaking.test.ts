import { describe, expect, it } from "vitest";

import { characters, opens, type Speaking, sends, turn } from "./speaking";

const FREE: Speaking = {
  allowed: true,
  at: "open",
  runs: false,
  frozen: false,
  slow_ms: 0,
  lastSentAt: null,
  mutedUntil: null,
};
const ENTER = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13 };

describe("speaking", () => {
  it("is free where nothing stands against it", () => {
    expect(turn(FREE, 0)).toEqual({ may: true });
  });

  it("waits in slow mode from the last message on", () => {
    const slow = { ...FREE, slow_ms: 10_000, lastSentAt: 1_000 };
    expect(turn(slow, 3_000)).toEqual({ may: false, why: "slow", ms: 8_000 });
    expect(turn(slow, 11_000)).toEqual({ may: true });
    expect(turn({ ...slow, lastSentAt: null }, 0)).toEqual({ may: true });
  });

  it("tells my own pause before the pause for all", () => {
    const both = { ...FREE, frozen: true, mutedUntil: 50_000 };
    expect(turn(both, 0)).toEqual({ may: false, why: "muted", until: 50_000 });
    expect(turn(both, 50_000)).toEqual({ may: false, why: "frozen" });
  });

  it("is over when the class has ended", () => {
    expect(turn({ ...FREE, at: "over", frozen: true }, 0)).toEqual({ may: false, why: "over" });
  });

  it("lets the lecturer speak while the others are paused", () => {
    expect(turn({ ...FREE, runs: true, frozen: true, slow_ms: 9_000, lastSentAt: 0 }, 1)).toEqual({
      may: true,
    });
  });

  it("opens when the class waits and closes at its end", () => {
    const states = ["scheduled", "waiting", "on_air", "paused", "interrupted", "ended", "cancelled"] as const;
    expect(states.map(opens)).toEqual(["before", "open", "open", "open", "open", "over", "over"]);
  });

  it("is off where the class has no speaking", () => {
    expect(turn({ ...FREE, allowed: false }, 0)).toEqual({ may: false, why: "off" });
  });

  it("counts characters as people do", () => {
    expect(characters("讲课👍𠮷")).toBe(4);
  });

  it("sends by Enter and not while an input method composes", () => {
    expect(sends(ENTER)).toBe(true);
    expect(sends({ ...ENTER, isComposing: true })).toBe(false);
    expect(sends({ ...ENTER, keyCode: 229 })).toBe(false);
    expect(sends({ ...ENTER, shiftKey: true })).toBe(false);
    expect(sends({ ...ENTER, key: "a" })).toBe(false);
  });
});
