import { expect, it } from "vitest";
import { enrolledOf, filtered, metByCondition } from "./progress";
import type { TopicLine } from "./types";

function line(name: string, change: Partial<TopicLine> = {}): TopicLine {
  return {
    account: name,
    name,
    unit: "合肥市",
    place: "enrolled",
    since: "2026-09-10T01:00:00Z",
    shares: {},
    conditions: [{ name: "live_share", reached: "0.00", asked: "0.80", met: change.complete ?? false }],
    complete: false,
    reminded_at: null,
    completed_at: null,
    ...change,
  };
}

const LINES = [line("王芳"), line("李娜", { complete: true }), line("赵磊", { place: "waiting" })];

it("lists who has a place by name, whatever they have reached", () => {
  expect(enrolledOf(LINES).map(({ name }) => name)).toEqual(["李娜", "王芳"]);
});

it("filters by who is complete and who is missing something", () => {
  expect(filtered(LINES, "complete").map(({ name }) => name)).toEqual(["李娜"]);
  expect(filtered(LINES, "missing").map(({ name }) => name)).toEqual(["王芳", "赵磊"]);
  expect(filtered(LINES, "")).toHaveLength(3);
});

it("counts how many have met each condition", () => {
  expect(metByCondition(enrolledOf(LINES))).toEqual([{ name: "live_share", met: 1 }]);
  expect(metByCondition([])).toEqual([]);
});
