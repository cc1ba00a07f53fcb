/** Preferences of this browser: text size and single-letter keys (WCAG 1.4.4, 2.1.4). */

export const TEXT_SIZES = ["100", "115", "130", "150"] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const SIZE = "text-size";
const SHORTCUTS = "shortcuts-off";

export function textSize(): TextSize {
  const kept = localStorage.getItem(SIZE);
  return TEXT_SIZES.find((size) => size === kept) ?? "100";
}

export function setTextSize(size: TextSize): void {
  localStorage.setItem(SIZE, size);
  applyTextSize();
}

/** All sizes on the pages are in px, so the whole page is enlarged, as the browser's own zoom does. */
export function applyTextSize(): void {
  const size = textSize();
  document.documentElement.style.setProperty("zoom", size === "100" ? "" : `${size}%`);
}

export function shortcutsOn(): boolean {
  return localStorage.getItem(SHORTCUTS) !== "1";
}

export function setShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(SHORTCUTS);
  else localStorage.setItem(SHORTCUTS, "1");
}
