import { describe, expect, it } from "vitest";
import { actOf, creditOf, figuresOf, groupsOf, isFull, standingOf, withTold } from "./topic-class";
import type { TopicClass, TopicModule } from "./types";

const NOW = Date.parse("2026-09-16T01:00:00Z");

function view(change: Partial<TopicClass> = {}): TopicClass {
  return {
    id: "1",
    title: "依法行政能力提升专题班",
    about: "",
    teacher: { id: "t", name: "方立新" },
    unit: { id: "u", name: "安徽省" },
    self_enrolment: true,
    capacity: 80,
    enrolled: 12,
    waiting: 0,
    begins_at: "2026-09-10T01:00:00Z",
    ends_at: "2026-10-10T01:00:00Z",
    state: "published",
    version: 1,
    changed: null,
    credit: "by_module",
    hours: null,
    credit_fixed: false,
    board: null,
    categories: [],
    my_place: null,
    completed_at: null,
    may: [],
    ...change,
  };
}

function module(change: Partial<TopicModule> = {}): TopicModule {
  return {
    class_id: "c",
    title: "行政执法案例研讨",
    lecturer: "李明",
    starts_at: "2026-09-18T01:00:00Z",
    planned_minutes: 90,
    state: "scheduled",
    recording: "none",
    nominal_hours: "2.0",
    min_share: "0.8",
    needed: true,
    ...change,
  };
}

describe("the lists", () => {
  it("keep apart what is mine, what is open and what is over", () => {
    const found = [
      view({ id: "open" }),
      view({ id: "mine", my_place: "enrolled" }),
      view({ id: "waits", my_place: "waiting" }),
      view({ id: "past", my_place: "enrolled", state: "ended" }),
    ];
    const lists = groupsOf(found).map(({ name, items }) => [name, items.map(({ id }) => id)]);
    expect(lists).toEqual([
      ["mine", ["mine", "waits"]],
      ["open", ["open"]],
      ["past", ["past"]],
    ]);
  });

  it("leave out drafts, what is by roster only, and what ended without me", () => {
    const found = [
      view({ state: "draft", my_place: "enrolled" }),
      view({ self_enrolment: false }),
      view({ state: "ended" }),
    ];
    expect(groupsOf(found)).toEqual([]);
  });
});

describe("where I stand", () => {
  it("says that it is full before I ask for a place", () => {
    expect(standingOf(view({ capacity: 12 }))).toBe("full");
    expect(isFull(view({ capacity: null, enrolled: 5000 }))).toBe(false);
  });

  it("keeps completion to the end and beyond", () => {
    const done = { my_place: "enrolled", completed_at: "2026-09-20T01:00:00Z" } as const;
    expect(standingOf(view(done))).toBe("completed");
    expect(standingOf(view({ ...done, state: "ended" }))).toBe("completed");
  });
});

describe("what a module asks for", () => {
  it("is nothing days before, the way in half an hour before, the main thing on air", () => {
    expect(actOf(module(), null, NOW)).toBeNull();
    const soon = module({ starts_at: "2026-09-16T01:29:00Z" });
    expect(actOf(soon, null, NOW)).toMatchObject({ to: "/live/c/room", primary: false });
    expect(actOf(module({ state: "on_air" }), null, NOW)).toMatchObject({
      key: "topic.enter",
      primary: true,
    });
  });

  it("is what was told of it last, and what the plan says of it stays", () => {
    const { min_share, needed, ...told } = module({ state: "on_air" });
    expect([min_share, needed]).toEqual(["0.8", true]);
    const [first, second] = withTold([module({ needed: false }), module({ class_id: "d" })], told);
    expect(first).toEqual(module({ state: "on_air", needed: false }));
    expect(second).toEqual(module({ class_id: "d" }));
  });

  it("is the recording from the first gap until enough was attended", () => {
    const held = module({ state: "ended", recording: "ready" });
    expect(actOf(held, "0.7999", NOW)).toMatchObject({ to: "/live/c/replay?gap=first", primary: true });
    expect(actOf(held, "0.8000", NOW)).toMatchObject({ key: "topic.replay", primary: false });
    expect(actOf({ ...held, needed: false }, null, NOW)).toMatchObject({ primary: false });
    expect(actOf(module({ state: "ended" }), null, NOW)).toBeNull();
  });
});

it("says how its hours come", () => {
  expect(creditOf(view())).toBe("按模块计学时");
  expect(creditOf(view({ credit: "on_completion", hours: "6.00" }))).toBe("结业后一次计 6.0 学时");
});

it("counts live classes whole and never rounds a share up", () => {
  const needed = { name: "needed_modules", reached: "1.00", asked: "2.00", met: false };
  expect(figuresOf(needed)).toEqual({ reached: "1", asked: "2" });
  const share = { name: "live_share", reached: "0.67", asked: "0.80", met: false };
  expect(figuresOf(share)).toEqual({ reached: "67%", asked: "80%" });
});
