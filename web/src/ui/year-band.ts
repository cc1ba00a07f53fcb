/** The year band 学年带: where the parts of a year, its entries and today stand on one strip (regulation Art. 9). */

export interface YearCalendar {
  year: number;
  /** `MM-DD`, last day of the academic year. */
  year_end: string;
  /** `MM-DD`, first and last day of the make-up period. */
  makeup_start: string;
  makeup_end: string;
}

export interface BandEntry {
  date: string;
  nature: "required" | "elective";
  kind: "credit" | "correction" | "revocation" | "reinstatement";
}

export type BandPart = "year" | "makeup" | "none";

const DAY_MS = 86_400_000;

/** The share of the year (0 to 1) that has passed when `date` (`YYYY-MM-DD`) begins. */
export function place(date: string, year: number): number {
  const start = Date.UTC(year, 0, 1);
  const length = Date.UTC(year + 1, 0, 1) - start;
  const at = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  return Math.min(1, Math.max(0, (at - start) / length));
}

/** The parts of the strip from left to right with their share of the year. */
export function partsOf(calendar: YearCalendar): { part: BandPart; from: number; until: number }[] {
  const { year } = calendar;
  const end = place(dayAfter(`${year}-${calendar.year_end}`), year);
  const makeup = place(`${year}-${calendar.makeup_start}`, year);
  const makeupEnd = place(dayAfter(`${year}-${calendar.makeup_end}`), year);
  return [
    { part: "year", from: 0, until: end },
    { part: "makeup", from: makeup, until: makeupEnd },
    { part: "none", from: makeupEnd, until: 1 },
  ];
}

/** The part in which `date` lies. */
export function partAt(date: string, calendar: YearCalendar): BandPart {
  const at = place(date, calendar.year);
  return partsOf(calendar).find(({ from, until }) => at >= from && at < until)?.part ?? "none";
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
