/** What comes next for a learner, in the order of importance, and how the year stands (Articles 9 and 10). */
import type { ClassView } from "@/net/types";
import type { HomeView } from "./types";

export type Next =
  | { kind: "on_air"; lesson: ClassView }
  | { kind: "soon"; lesson: ClassView }
  | { kind: "complete" }
  | { kind: "welcome" }
  | { kind: "later"; lesson: ClassView }
  | { kind: "nothing" };

/** A class on air comes before one that begins within half an hour; one card only is first. */
export function nextUp(home: HomeView): Next {
  const [onAir, soon, later] = [home.on_air[0], home.soon[0], home.next[0]];
  if (onAir) return { kind: "on_air", lesson: onAir };
  if (soon) return { kind: "soon", lesson: soon };
  if (home.year.complete) return { kind: "complete" };
  if (home.entries.length === 0 && home.gaps.length === 0 && !later) return { kind: "welcome" };
  return later ? { kind: "later", lesson: later } : { kind: "nothing" };
}

export type Standing =
  | { kind: "complete" }
  | { kind: "outside"; reason: string }
  | { kind: "december" }
  | { kind: "makeup"; missing: number }
  | { kind: "in_year"; missing: number; days: number; weekly: number };

/** How the year stands; at the target it says so and asks for nothing more (Article 13). */
export function standing({ year }: Pick<HomeView, "year">): Standing {
  if (year.outside) return { kind: "outside", reason: year.outside };
  if (year.complete) return { kind: "complete" };
  if (year.state === "closing" || year.state === "closed") return { kind: "december" };
  const missing = missingHours(year);
  if (year.state === "makeup") return { kind: "makeup", missing };
  const weeks = Math.max(1, year.days_left / 7);
  return { kind: "in_year", missing, days: year.days_left, weekly: Math.ceil((missing / weeks) * 10) / 10 };
}

/** Hours still missing to the target: of the total, or of the required ones where those are further away. */
export function missingHours(
  year: Pick<HomeView["year"], "total" | "required" | "min_total" | "min_required">,
): number {
  const total = Number(year.min_total) - Number(year.total);
  const required = Number(year.min_required) - Number(year.required);
  return Math.max(0, Math.round(Math.max(total, required) * 10) / 10);
}

/** The classes of the coming days that are not already on the first card. */
export function others(home: HomeView): ClassView[] {
  const first = nextUp(home);
  return home.next.filter((lesson) => first.kind !== "later" || lesson.id !== first.lesson.id);
}
