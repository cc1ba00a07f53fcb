import { describe, expect, it } from "vitest";
import type { ClassView } from "@/net/types";
import { missingHours, nextUp, others, standing } from "./agenda";
import type { HomeView } from "./types";

const lesson = (id: string) => ({ id, title: id }) as ClassView;

function home(given: Partial<HomeView> = {}, year: Partial<HomeView["year"]> = {}): HomeView {
  const base = {
    person: { id: "p", name: "王芳" },
    year: 2026,
    years: [2026],
    calendar: { year_end: "10-31", makeup_start: "11-01", makeup_end: "11-30" },
    state: "in_year" as const,
    complete: false,
    outside: null,
    min_total: "50",
    min_required: "25",
    total: "31.6",
    required: "14",
    elective: "17.6",
    days_left: 45,
    consequence: null,
    policy_version: "2019-11-09",
  };
  return { on_air: [], soon: [], next: [], entries: [], gaps: [], ...given, year: { ...base, ...year } };
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

  it("is a welcome on the first day and the next class on others", () => {
    expect(nextUp(home()).kind).toBe("welcome");
    expect(nextUp(home({ next: [lesson("c")] })).kind).toBe("later");
  });
});

describe("the week", () => {
  it("does not repeat the class of the first card", () => {
    const next = [lesson("a"), lesson("b")];
    expect(others(home({ next })).map(({ id }) => id)).toEqual(["b"]);
    expect(others(home({ next, on_air: [lesson("c")] })).map(({ id }) => id)).toEqual(["a", "b"]);
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

  it("is told apart in make-up, in December and outside", () => {
    expect(standing(home({}, { state: "makeup", total: "45.8", required: "25" }))).toEqual({
      kind: "makeup",
      missing: 4.2,
    });
    expect(standing(home({}, { state: "closing" })).kind).toBe("december");
    expect(standing(home({}, { outside: "exempt" }))).toEqual({ kind: "outside", reason: "exempt" });
  });
});
