import { describe, expect, it } from "vitest";
import { blank, body, capacityOf, changes, formOf, shown, TOGETHER, wrong } from "./plan";
import type { TopicClass } from "./types";

const SAVED = {
  title: "依法行政能力提升专题班",
  about: "两次直播课堂",
  unit: { id: "u", name: "安徽省" },
  begins_at: "2026-09-10T01:00:00Z",
  ends_at: "2026-10-10T10:00:00Z",
  credit: "by_module",
  hours: null,
} as TopicClass;

describe("the form", () => {
  it("shows dates in the academy's zone and sends them back as they were", () => {
    const form = formOf(SAVED);
    expect([form.begin_day, form.begin_time, form.end_time]).toEqual(["2026-09-10", "09:00", "18:00"]);
    expect(body(form).ends_at).toBe("2026-10-10T10:00:00.000Z");
    expect(changes(form, SAVED)).toEqual({});
    const odd = { ...SAVED, ends_at: "2026-10-10T10:00:27.460Z" };
    expect(changes(formOf(odd), odd)).toEqual({});
  });

  it("names each field that is missing, and an end before the begin", () => {
    expect(Object.keys(wrong(blank())).sort()).toEqual(["begins_at", "ends_at", "title", "unit"]);
    const form = { ...formOf(SAVED), end_day: "2026-09-09" };
    expect(wrong(form)).toEqual({ ends_at: "topic.end_before_begin" });
    expect(wrong(formOf(SAVED))).toEqual({});
  });
});

describe("hours for completion", () => {
  const six = { ...formOf(SAVED), credit: "on_completion" as const };

  it("are asked for with that credit only, in tenths", () => {
    expect(wrong(six)).toEqual({ hours: "topic.need_hours" });
    expect(wrong({ ...six, hours: "6.55" })).toEqual({ hours: "topic.need_hours" });
    expect(wrong({ ...six, hours: "0" })).toEqual({ hours: "topic.need_hours" });
    expect(wrong({ ...six, hours: " 6.5 " })).toEqual({});
  });

  it("are sent with it, and not sent again while they are the same figure", () => {
    expect(changes({ ...six, hours: "6" }, SAVED)).toEqual({ credit: "on_completion", hours: "6" });
    const saved = { ...SAVED, credit: "on_completion" as const, hours: "6.00" };
    expect(changes(formOf(saved), saved)).toEqual({});
  });
});

describe("a plan that another changed meanwhile", () => {
  it("is sent only what was changed here", () => {
    expect(changes({ ...formOf(SAVED), title: "新题" }, SAVED)).toEqual({ title: "新题" });
  });

  it("is shown group by group, also where a date is emptied", () => {
    const form = { ...formOf(SAVED), begin_day: "", hours: "6" };
    expect(TOGETHER.map((group) => shown(group, form))).toEqual([
      "依法行政能力提升专题班",
      "两次直播课堂",
      "u",
      "",
      "2026-10-10 18:00",
      "按模块计学时",
    ]);
    expect(shown(["credit", "hours"], { ...form, credit: "on_completion" })).toBe("结业后一次计学时 · 6");
  });
});

it("reads places as typed: none is no limit, nonsense is no number", () => {
  expect(capacityOf("  ")).toBeNull();
  expect(capacityOf("80")).toBe(80);
  expect([capacityOf("0"), capacityOf("-3"), capacityOf("八十"), capacityOf("200000")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
