/** The live classes of a plan in their order, as the class teacher changes it by buttons. */
import type { ClassView } from "@/net/types";
import type { ModuleList, TopicClass, TopicModule } from "./types";

/** All that is asked for at once. */
export interface Wish {
  modules: Wanted[];
  discussion: Talk | null;
}

export interface Wanted {
  class_id: string;
  needed: boolean;
}

/** The discussion as a module: after so many live classes, and whether completion asks for a post. */
export interface Talk {
  place: number;
  needed: boolean;
}

/** After all live classes, however many there will be. */
export const LAST = 60;

/** What is sent of the discussion: it stays as it is when the live classes change, or it is no module. */
const talkOf = (talk: Talk | null): Talk | null => talk && { place: talk.place, needed: talk.needed };

/** The modules as they are saved. */
export const wishOf = ({ items, discussion }: ModuleList): Wish => ({
  modules: items.map(({ class_id, needed }) => ({ class_id, needed })),
  discussion: talkOf(discussion),
});

/** The modules as they will be once that is saved; one that is not known yet comes with the answer. */
export function asWished(known: readonly TopicModule[], { modules }: Wish): TopicModule[] {
  const byId = new Map(known.map((each) => [each.class_id, each]));
  return modules.flatMap(({ class_id, needed }) => {
    const found = byId.get(class_id);
    return found ? [{ ...found, needed }] : [];
  });
}

/** One place up (-1) or down (1); at the end of the list nothing moves. */
export function moved(list: readonly Wanted[], id: string, by: -1 | 1): Wanted[] {
  const from = list.findIndex(({ class_id }) => class_id === id);
  const to = from + by;
  const [one, other] = [list[from], list[to]];
  if (!one || !other) return [...list];
  return list.map((each, index) => (index === from ? other : index === to ? one : each));
}

export const without = (list: readonly Wanted[], id: string): Wanted[] =>
  list.filter(({ class_id }) => class_id !== id);

export const marked = (list: readonly Wanted[], id: string, needed: boolean): Wanted[] =>
  list.map((each) => (each.class_id === id ? { ...each, needed } : each));

/** Whether a live class is planned for before or after the topic class, where nobody could complete it. */
export function isOutside(
  { starts_at, planned_minutes, state }: Pick<TopicModule, "starts_at" | "planned_minutes" | "state">,
  { begins_at, ends_at }: Pick<TopicClass, "begins_at" | "ends_at">,
): boolean {
  const begin = Date.parse(starts_at);
  const end = begin + planned_minutes * 60_000;
  return state !== "cancelled" && (begin < Date.parse(begins_at) || end > Date.parse(ends_at));
}

/** Live classes yet to begin that the asker runs or may plan, and that are no module yet. */
export function addable(
  found: readonly ClassView[],
  modules: readonly Pick<TopicModule, "class_id">[],
  me: string,
): ClassView[] {
  const taken = new Set(modules.map(({ class_id }) => class_id));
  return found.filter(
    ({ id, state, lecturer, staff, may }) =>
      !taken.has(id) &&
      (state === "scheduled" || state === "waiting") &&
      (lecturer.id === me || staff.some((each) => each.id === me) || may.includes("edit")),
  );
}
