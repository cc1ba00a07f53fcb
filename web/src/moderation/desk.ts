/** What can be done with an item at the desk, by which key, and which item comes next. */
import type { Action, Item } from "./types";

export type Command = "next" | "previous" | "accept" | "refuse" | "give_back" | "hand_on" | "undo" | "help";

const KEYS: Record<string, Command> = {
  j: "next",
  k: "previous",
  a: "accept",
  r: "refuse",
  e: "give_back",
  x: "hand_on",
  u: "undo",
  "?": "help",
};

/** What a letter means at the desk; null when it means nothing. */
export function commandOf(letter: string): Command | null {
  return KEYS[letter] ?? null;
}

export interface Actions {
  accept: Action;
  refuse: Action;
  /** To its author, to be changed. */
  giveBack: Action | null;
}

/** A held post is approved, rejected or given back; a reported one, visible all the while, is kept or removed. */
export function actionsFor(item: Pick<Item, "state" | "reports">): Actions | null {
  if (item.state === "held") return { accept: "approve", refuse: "reject", giveBack: "return" };
  if (item.reports.length) return { accept: "restore", refuse: "remove", giveBack: null };
  return null;
}

/** The neighbour of `current` in the list, the first one where it is not there; null beyond its ends. */
export function neighbour<T extends { id: string }>(
  items: readonly T[],
  current: string | null,
  step: 1 | -1,
): T | null {
  const at = items.findIndex(({ id }) => id === current);
  if (at < 0) return items[0] ?? null;
  return items[at + step] ?? null;
}

/** Where to go when `done` leaves the list: on, and from the last one back, so that work goes on. */
export function successor<T extends { id: string }>(items: readonly T[], done: string): T | null {
  return neighbour(items, done, 1) ?? neighbour(items, done, -1);
}

export interface Piece {
  text: string;
  marked: boolean;
}

/** The text cut at its marks (pairs of begin and end in code points), for underlining what screening met. */
export function pieces(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const points = [...text];
  const cut: Piece[] = [];
  let at = 0;
  for (const [begin, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (begin > at) cut.push({ text: points.slice(at, begin).join(""), marked: false });
    if (end > Math.max(at, begin))
      cut.push({ text: points.slice(Math.max(at, begin), end).join(""), marked: true });
    at = Math.max(at, end);
  }
  if (at < points.length) cut.push({ text: points.slice(at).join(""), marked: false });
  return cut;
}
