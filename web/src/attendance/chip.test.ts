import { describe, expect, it } from "vitest";

import { chip, type Standing } from "./chip";

const COUNTING: Standing = {
  air: "on_air",
  countable: "yes",
  elsewhere: null,
  resting: false,
  lost_ms: null,
  check_ms: null,
  playing: true,
  stalled: false,
  visible: true,
  seen: false,
  counted_ms: 2_300_000,
};

function said(change: Partial<Standing>): [string, unknown, string] {
  const { key, values, tone } = chip({ ...COUNTING, ...change });
  return [key, values, tone];
}

describe("chip", () => {
  it("counts with minutes and seconds", () => {
    expect(said({})).toEqual(["chip.counting", { time: "38:20" }, "counting"]);
    expect(said({ counted_ms: 3_723_999 })).toEqual(["chip.counting", { time: "1:02:03" }, "counting"]);
  });

  it.each<[string, Partial<Standing>, unknown]>([
    ["chip.hidden", { visible: false }, undefined],
    ["chip.paused", { playing: false }, undefined],
    ["chip.stalled", { playing: false, stalled: true }, undefined],
    ["chip.elsewhere", { elsewhere: "手机" }, { device: "手机" }],
    ["chip.off_air", { air: "off_air", playing: false }, undefined],
    ["chip.ended", { air: "ended", playing: false }, undefined],
    ["chip.class_paused", { air: "paused", playing: false }, undefined],
    ["chip.check", { check_ms: 102_000 }, { minutes: 1, seconds: 42 }],
    ["chip.check_over", { check_ms: 0 }, undefined],
    ["chip.lost", { lost_ms: 35_400 }, { time: "00:35" }],
    ["chip.seen", { seen: true }, undefined],
    ["chip.resting", { resting: true }, undefined],
    ["chip.december", { countable: "december" }, undefined],
    ["chip.no_hours", { countable: "no_hours" }, undefined],
    ["chip.cap", { countable: "cap", cap_hours: "8.0" }, { hours: "8.0" }],
  ])("says %s", (key, change, values) => {
    expect(said(change).slice(0, 2)).toEqual([key, values]);
  });

  it("names the check before the hidden page, because the check has a time limit", () => {
    expect(said({ check_ms: 5_000, visible: false })[0]).toBe("chip.check");
  });

  it("says nothing of a lost line while nothing would count anyway", () => {
    expect(said({ lost_ms: 60_000, air: "off_air" })[0]).toBe("chip.off_air");
  });

  it("is never alarming while it counts", () => {
    expect(said({})[2]).toBe("counting");
    expect(said({ check_ms: 1 })[2]).toBe("asking");
  });
});
