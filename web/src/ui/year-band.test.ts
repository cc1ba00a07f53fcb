import { expect, it } from "vitest";
import { partAt, partsOf, place, type YearCalendar } from "./year-band";

const calendar: YearCalendar = { year: 2026, year_end: "10-31", makeup_start: "11-01", makeup_end: "11-30" };

it("puts the first of January at the left and the next one at the right", () => {
  expect(place("2026-01-01", 2026)).toBe(0);
  expect(place("2027-01-01", 2026)).toBe(1);
  expect(place("2024-07-02", 2024)).toBe(183 / 366);
});

it("has the year, the make-up period and December, without a hole", () => {
  const [year, makeup, none] = partsOf(calendar);
  expect(year?.until).toBe(makeup?.from);
  expect(makeup?.until).toBe(none?.from);
  expect(none?.until).toBe(1);
});

it("knows on which side of the border a day lies", () => {
  expect(partAt("2026-10-31", calendar)).toBe("year");
  expect(partAt("2026-11-01", calendar)).toBe("makeup");
  expect(partAt("2026-11-30", calendar)).toBe("makeup");
  expect(partAt("2026-12-01", calendar)).toBe("none");
});
