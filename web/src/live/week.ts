/** The week of a list of classes, Monday to Sunday in the academy's zone (UTC+8, no summer time). */

const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;

/** Monday 00:00 and the next Monday 00:00, UTC milliseconds. */
export interface Week {
  readonly from: number;
  readonly until: number;
}

/** The week that holds `at`. */
export function weekOf(at: number): Week {
  const days = Math.floor((at + ZONE_MS) / DAY_MS);
  // 1970-01-01 was a Thursday, three days after a Monday.
  const monday = days - ((days + 3) % 7);
  const from = monday * DAY_MS - ZONE_MS;
  return { from, until: from + 7 * DAY_MS };
}

/** `week=2026-09-14` of the address; anything else is the week of `now`. */
export function weekAt(text: string, now: number): Week {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00+08:00`) : Number.NaN;
  return weekOf(Number.isNaN(day) ? now : day);
}

/** How a week is written in the address: its Monday. */
export function weekName({ from }: Week): string {
  return new Date(from + ZONE_MS).toISOString().slice(0, 10);
}

/** The week `n` weeks on. */
export function shifted({ from }: Week, n: number): Week {
  return weekOf(from + n * 7 * DAY_MS);
}

/** Groups by day of the zone, in order of time; `key` is `2026-09-16`. */
export function byDay<T extends { readonly starts_at: string }>(
  items: readonly T[],
): { key: string; items: T[] }[] {
  const days: { key: string; items: T[] }[] = [];
  const sorted = [...items].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  for (const item of sorted) {
    const key = new Date(Date.parse(item.starts_at) + ZONE_MS).toISOString().slice(0, 10);
    const last = days[days.length - 1];
    if (last?.key === key) last.items.push(item);
    else days.push({ key, items: [item] });
  }
  return days;
}
