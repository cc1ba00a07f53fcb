import { describe, expect, it } from "vitest";
import type { ClassView } from "@/net/types";
import { also, barOf, missingHours, nextUp, others, repairableUntil, standing } from "./agenda";
import type { Appeal, HomeView, Topic } from "./types";

const lesson = (id: string) => ({ id, title: id }) as ClassView;
const appeal = (post: string, asked = false): Appeal => ({
  post,
  place: "学习体会",
  until: "2026-09-30T16:00:00Z",
  asked,
});
const topic = (id: string, given: Partial<Topic> = {}): Topic => ({
  id,
  title: id,
  ends_at: "2026-10-01T00:00:00Z",
  attended: 1,
  modules: 2,
  complete: false,
  next: { id: "m", title: "m", starts_at: "2026-09-20T00:00:00Z" },
  ...given,
});

function home(given: Partial<HomeView> = {}, year: Partial<HomeView["year"]> = {}): HomeView {
  const base = {
    person: { id: "p", name: "王芳" },
    year: 2026,
    years: [2026],
    calendar: { year_end: "10-31", makeup_start: "11-01", makeup_end: "11-30" },
    state: "in_year" as const,
    complete: false,
    outside: null,
    exemption: null,
    min_total: "50",
    min_required: "25",
    total: "31.6",
    required: "14",
    elective: "17.6",
    days_left: 45,
    consequence: null,
    policy_version: "2019-11-09",
  };
  const none = { on_air: [], soon: [], next: [], appeals: [], topics: [], entries: [], gaps: [] };
  const day = { first_day: false, counts_for: 2026, counts_again: null };
  return { ...none, ...day, ...given, year: { ...base, ...year } };
}

describe("what comes next", () => {
  it("is the class on air, whatever else there is", () => {
    const view = home({ on_air: [lesson("a")], soon: [lesson("b")] }, { complete: true });
    expect(nextUp(view)).toMatchObject({ kind: "on_air", lesson: { id: "a" } });
  });

  it("is a class within half an hour before the praise for a finished year", () => {
    expect(nextUp(home({ soon: [lesson("b")] }, { complete: true })).kind).toBe("soon");
    expect(nextUp(home({ next: [lesson("c")] }, { complete: true })).kind).toBe("complete");
  });

  it("is a decision that waits for an answer before what was begun", () => {
    const view = home({ appeals: [appeal("asked", true), appeal("open")], topics: [topic("t")] });
    expect(nextUp(view)).toMatchObject({ kind: "appeal", appeal: { post: "open" } });
    expect(nextUp({ ...view, soon: [lesson("b")] }).kind).toBe("soon");
    expect(also(view)).toEqual({ topics: [topic("t")], appeals: [appeal("asked", true)] });
  });

  it("is a topic class under way that still asks for something, before the praise", () => {
    const view = home({ topics: [topic("done", { complete: true }), topic("t")] }, { complete: true });
    expect(nextUp(view)).toMatchObject({ kind: "topic", topic: { id: "t" } });
    expect(also(view).topics.map(({ id }) => id)).toEqual(["done"]);
    expect(nextUp(home({ topics: [topic("t", { next: null })] }, { complete: true })).kind).toBe("complete");
  });

  it("is a welcome on the first day, with the class that comes, and the next class on others", () => {
    expect(nextUp(home({ first_day: true }))).toEqual({ kind: "welcome", lesson: null });
    expect(nextUp(home({ first_day: true, next: [lesson("c")] }))).toMatchObject({
      kind: "welcome",
      lesson: { id: "c" },
    });
    expect(nextUp(home({ next: [lesson("c")] })).kind).toBe("later");
    expect(nextUp(home()).kind).toBe("nothing");
  });
});

describe("the week", () => {
  it("does not repeat the class of the first card", () => {
    const next = [lesson("a"), lesson("b")];
    expect(others(home({ next })).map(({ id }) => id)).toEqual(["b"]);
    expect(others(home({ next, on_air: [lesson("c")] })).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("keeps a second class on air and one that begins soon in sight", () => {
    const view = home({ on_air: [lesson("a"), lesson("b")], soon: [lesson("c")] });
    expect(others(view).map(({ id }) => id)).toEqual(["b", "c"]);
  });
});

describe("the year", () => {
  it("says how little a week is needed", () => {
    expect(standing(home())).toEqual({ kind: "in_year", missing: 18.4, days: 45, weekly: 2.9 });
  });

  it("asks for nothing more once it is complete", () => {
    expect(standing(home({}, { complete: true, total: "50" }))).toEqual({ kind: "complete" });
  });

  it("counts the required hours where those are further away", () => {
    expect(missingHours({ total: "49", required: "20", min_total: "50", min_required: "25" })).toBe(5);
    expect(missingHours({ total: "60", required: "25", min_total: "50", min_required: "25" })).toBe(0);
  });

  it("is told apart in make-up, once over and outside", () => {
    expect(standing(home({}, { state: "makeup", total: "45.8", required: "25" }))).toEqual({
      kind: "makeup",
      missing: 4.2,
    });
    expect(standing(home({}, { state: "closing" }))).toEqual({ kind: "over", missing: 18.4 });
    expect(standing(home({}, { outside: "exempt" })).kind).toBe("outside");
  });
});

describe("the bar above the first screen", () => {
  it("is absent on an ordinary day and for whoever has finished", () => {
    expect(barOf(home())).toBeNull();
    expect(barOf(home({}, { state: "makeup", complete: true }))).toBeNull();
  });

  it("says in the make-up period what is missing and until when", () => {
    const view = home({}, { state: "makeup", total: "45.8", required: "25" });
    expect(barOf(view)).toEqual({ kind: "makeup", missing: 4.2, until: "2026-11-30T12:00:00+08:00" });
  });

  it("says in December whether study counts, and for which year", () => {
    const december = { state: "closing" as const };
    const none = home({ counts_for: null, counts_again: "2027-01-01" }, december);
    expect(barOf(none)).toEqual({ kind: "december", again: "2027-01-01T12:00:00+08:00" });
    expect(repairableUntil(none)).toBeNull();
    expect(barOf(home({ counts_for: 2027 }, december))).toEqual({ kind: "next_year", year: 2027 });
  });

  it("says why a year is not counted", () => {
    const exemption = { ground: "illness" as const, document: "皖组〔2026〕1 号" };
    const exempt = home({}, { outside: "exempt", exemption });
    expect(barOf(exempt)).toEqual({ kind: "outside", reason: "exempt", ground: "illness" });
    expect(barOf(home({}, { outside: "joined_late" }))).toMatchObject({ ground: null });
  });
});
