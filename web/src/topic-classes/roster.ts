/** Lists of people of one topic class: found by name or unit, cut into pages. */

export const PAGE = 50;

export function named<T extends { name: string; unit: string }>(rows: readonly T[], q: string): T[] {
  const wanted = q.trim().toLowerCase();
  return rows.filter(({ name, unit }) => `${name} ${unit}`.toLowerCase().includes(wanted));
}

/** The page asked for in the address, or the nearest there is. */
export function pageOf<T>(rows: readonly T[], asked: string, size = PAGE): { page: number; rows: T[] } {
  const last = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(last, Math.max(1, Math.trunc(Number(asked)) || 1));
  return { page, rows: rows.slice((page - 1) * size, page * size) };
}
