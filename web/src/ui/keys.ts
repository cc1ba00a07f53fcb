/** Shortcuts of one letter, as desk, forum and search have them. */
import { onBeforeUnmount, onMounted } from "vue";
import { shortcutsOn } from "./preferences";

export interface KeyPress {
  key: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  isComposing?: boolean;
}

/** The letter pressed; null while something is typed, in a dialog, with a modifier, or switched off (WCAG 2.1.4). */
export function letterOf(press: KeyPress, target: EventTarget | null): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return null;
  const taken = "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]";
  if (target instanceof Element && target.closest(taken)) return null;
  return shortcutsOn() ? press.key.toLowerCase() : null;
}

/** Calls `run` with each letter while the component is there; what it answers `true` for goes no further. */
export function useLetters(run: (letter: string) => boolean): void {
  function pressed(event: KeyboardEvent): void {
    const letter = letterOf(event, event.target);
    if (letter && run(letter)) event.preventDefault();
  }
  onMounted(() => window.addEventListener("keydown", pressed));
  onBeforeUnmount(() => window.removeEventListener("keydown", pressed));
}
