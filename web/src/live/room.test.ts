import { describe, expect, it } from "vitest";
import type { ClassView } from "@/net/types";
import { lineNotice, newer, patience_ms, plays, scene } from "./room";

const START = Date.parse("2026-09-16T01:00:00Z");

function view(change: Partial<ClassView> = {}): ClassView {
  return {
    id: "k1",
    title: "乡村治理现代化",
    lecturer: { id: "li", name: "李教授", title: null },
    staff: [],
    family: "professional",
    topic: null,
    starts_at: "2026-09-16T01:00:00Z",
    planned_minutes: 90,
    nominal_hours: "2.0",
    min_share: "0.8",
    full_share: "0.98",
    audience_unit: null,
    speaking: true,
    mode: "trust",
    slow_s: 0,
    frozen: false,
    state: "scheduled",
    state_since: "2026-09-15T01:00:00Z",
    version: 3,
    air_ms: 0,
    went_on_air_at: null,
    ended_at: null,
    recording: "none",
    resumes_at: null,
    interrupted_since: null,
    may: ["watch"],
    ...change,
  };
}

describe("scene", () => {
  it("counts down to the plan and then tells how late the lecturer is", () => {
    expect(scene(view(), START - 5_000)).toEqual({ show: "countdown", at: START });
    expect(scene(view({ state: "waiting" }), START + 59_000)).toEqual({ show: "countdown", at: START });
    expect(scene(view({ state: "waiting" }), START + 8 * 60_000)).toEqual({ show: "late", minutes: 8 });
  });

  it("tells when a break ends, if the lecturer said so", () => {
    const paused = view({ state: "paused", resumes_at: "2026-09-16T02:40:00Z" });
    expect(scene(paused, START)).toEqual({ show: "break", resumes_at: Date.parse("2026-09-16T02:40:00Z") });
    expect(scene(view({ state: "paused" }), START)).toEqual({ show: "break", resumes_at: null });
  });

  it("tells since when the lecturer's line is lost", () => {
    const lost = view({ state: "interrupted", interrupted_since: "2026-09-16T01:20:00Z" });
    expect(scene(lost, START)).toEqual({ show: "interrupted", since: Date.parse("2026-09-16T01:20:00Z") });
  });

  it("ends with what became of the recording", () => {
    expect(scene(view({ state: "ended", recording: "ready" }), START)).toEqual({
      show: "ended",
      recording: "ready",
    });
    expect(scene(view({ state: "cancelled" }), START)).toEqual({ show: "cancelled" });
    expect(scene(view({ state: "on_air" }), START)).toEqual({ show: "on_air" });
  });
});

describe("class view", () => {
  it("plays during a break only what was broadcast before it", () => {
    expect(plays(view({ state: "paused", went_on_air_at: "2026-09-16T01:00:00Z" }))).toBe(true);
    expect(plays(view({ state: "on_air" }))).toBe(false);
    expect(plays(view({ state: "ended", went_on_air_at: "2026-09-16T01:00:00Z" }))).toBe(false);
  });

  it("never goes back to an older version", () => {
    const [old, fresh] = [view({ version: 3 }), view({ version: 4, state: "on_air" })];
    expect(newer(old, fresh)).toEqual(fresh);
    expect(newer(fresh, old)).toBe(fresh);
  });
});

describe("the end", () => {
  it("is seen when nothing is left, and waits for a weak line when something is", () => {
    expect(patience_ms(null)).toBe(3_000);
    expect(patience_ms(0.4)).toBe(3_000);
    expect(patience_ms(15)).toBe(30_000);
  });
});

describe("lost line", () => {
  it("says nothing for five seconds, then that it can be made good, then what it costs", () => {
    expect(lineNotice(null, 150_000)).toBe("none");
    expect(lineNotice(4_999, 150_000)).toBe("none");
    expect(lineNotice(5_000, 150_000)).toBe("repairable");
    expect(lineNotice(150_000, 150_000)).toBe("repairable");
    expect(lineNotice(150_001, 150_000)).toBe("too_long");
  });
});
