/** Keys of room and replay; off in text fields, and letters can be switched off (WCAG 2.1.4). */

export type Command =
  | "toggle"
  | "back10"
  | "on10"
  | "back5"
  | "on5"
  | "mute"
  | "fullscreen"
  | "gap"
  | "chat"
  | "panel"
  | "live"
  | "help";

/** Each key with what it does; the list of `?` is drawn from this. */
export const KEYS: readonly (readonly [readonly string[], Command])[] = [
  [[" ", "k"], "toggle"],
  [["j"], "back10"],
  [["l"], "on10"],
  [["ArrowLeft"], "back5"],
  [["ArrowRight"], "on5"],
  [["m"], "mute"],
  [["f"], "fullscreen"],
  [["g"], "gap"],
  [["/"], "chat"],
  [["a"], "panel"],
  [["End"], "live"],
  [["?"], "help"],
];

const WRITING =
  "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]";
/** These have a meaning of their own for space, arrows and End. */
const OWN_KEYS =
  "button, a, [role=slider], [role=tab], [role=menuitem], [role=menuitemradio], [role=option], summary";
const OWNED = new Set([" ", "Enter", "ArrowLeft", "ArrowRight", "End", "Home"]);

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target" | "isComposing">;

/** What a key means here, or null when it belongs to somebody else. */
export function command(event: Pressed, letters = true): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(WRITING) || target?.closest("[role=dialog], [role=alertdialog]")) return null;
  if (OWNED.has(event.key) && target?.closest(OWN_KEYS)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!letters && /^[a-z/?]$/.test(key)) return null;
  return KEYS.find(([keys]) => keys.includes(key))?.[1] ?? null;
}
