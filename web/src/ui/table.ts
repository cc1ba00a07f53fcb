/** What a table needs to know of its columns, and how its order is written in the address (`sort=-name`). */

export interface Column {
  key: string;
  label: string;
  number?: boolean;
  /** The name of the column in `sort=`, where it can be ordered by. */
  sort?: string;
  /** The heading is for screen readers only (a column of buttons). */
  quiet?: boolean;
}

export function nextSort(current: string, column: string): string {
  return current === column ? `-${column}` : column;
}

export function ariaSort(current: string, column: string): "ascending" | "descending" | "none" {
  if (current === column) return "ascending";
  return current === `-${column}` ? "descending" : "none";
}
