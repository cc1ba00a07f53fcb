import { describe, expect, it } from "vitest";

import { byDay, shifted, weekAt, weekName, weekOf } from "./week";

const at = (text: string): number => Date.parse(text);

describe("week", () => {
  it("begins on Monday in the academy's zone", () => {
    const week = weekOf(at("2026-09-16T10:00:00+08:00"));
    expect([week.from, week.until]).toEqual([
      at("2026-09-14T00:00:00+08:00"),
      at("2026-09-21T00:00:00+08:00"),
    ]);
    expect(weekOf(at("2026-09-13T23:59:59+08:00")).until).toBe(week.from);
    expect(weekOf(at("2026-09-14T00:00:00+08:00"))).toEqual(week);
  });

  it("is named in the address by its Monday", () => {
    const week = weekAt("2026-09-17", 0);
    expect(weekName(week)).toBe("2026-09-14");
    expect(weekName(shifted(week, -1))).toBe("2026-09-07");
    expect(weekName(shifted(week, 1))).toBe("2026-09-21");
  });

  it("is the present one when the address says nothing sensible", () => {
    const now = at("2026-01-01T00:00:00+08:00");
    for (const text of ["", "2026-13-40", "soon"]) expect(weekName(weekAt(text, now))).toBe("2025-12-29");
  });

  it("puts classes under their day in order of time", () => {
    const items = [
      { id: 1, starts_at: "2026-09-15T23:30:00Z" },
      { id: 2, starts_at: "2026-09-15T01:00:00Z" },
      { id: 3, starts_at: "2026-09-15T15:59:00Z" },
    ];
    expect(byDay(items).map(({ key, items: of }) => [key, of.map(({ id }) => id)])).toEqual([
      ["2026-09-15", [2, 3]],
      ["2026-09-16", [1]],
    ]);
  });
});
