/** What comes next for a learner, in the order of importance, and how the year stands (Articles 9 and 10). */
import type { ClassView } from "@/net/types";
import type { Appeal, HomeView, Topic } from "./types";

export type Next =
  | { kind: "on_air"; lesson: ClassView }
  | { kind: "soon"; lesson: ClassView }
  | { kind: "appeal"; appeal: Appeal }
  | { kind: "topic"; topic: Topic }
  | { kind: "complete" }
  | { kind: "welcome"; lesson: ClassView | null }
  | { kind: "later"; lesson: ClassView }
  | { kind: "nothing" };

/** One card only is first: what runs now, what begins soon, what waits for an answer, what was begun, then the rest. */
export function nextUp(home: HomeView): Next {
  const [onAir, soon, later] = [home.on_air[0], home.soon[0], home.next[0]];
  const appeal = home.appeals.find(({ asked }) => !asked);
  const topic = home.topics.find(({ complete, next }) => !complete && next);
  if (onAir) return { kind: "on_air", lesson: onAir };
  if (soon) return { kind: "soon", lesson: soon };
  if (appeal) return { kind: "appeal", appeal };
  if (topic) return { kind: "topic", topic };
  if (home.year.complete) return { kind: "complete" };
  if (home.first_day) return { kind: "welcome", lesson: later ?? null };
  return later ? { kind: "later", lesson: later } : { kind: "nothing" };
}

export type Standing =
  | { kind: "complete" }
  | { kind: "outside" }
  | { kind: "over"; missing: number }
  | { kind: "makeup"; missing: number }
  | { kind: "in_year"; missing: number; days: number; weekly: number };

/** How the year stands; at the target it says so and asks for nothing more (Article 13). */
export function standing({ year }: Pick<HomeView, "year">): Standing {
  if (year.outside) return { kind: "outside" };
  if (year.complete) return { kind: "complete" };
  const missing = missingHours(year);
  if (year.state === "closing" || year.state === "closed") return { kind: "over", missing };
  if (year.state === "makeup") return { kind: "makeup", missing };
  const weeks = Math.max(1, year.days_left / 7);
  return { kind: "in_year", missing, days: year.days_left, weekly: Math.ceil((missing / weeks) * 10) / 10 };
}

export type Bar =
  | { kind: "outside"; reason: string; ground: string | null }
  | { kind: "makeup"; missing: number; until: string }
  | { kind: "december"; again: string }
  | { kind: "next_year"; year: number };

/** What has to be known before all else: that the year asks nothing, or is as good as over; null on other days. */
export function barOf({ year, counts_for, counts_again }: HomeView): Bar | null {
  if (year.outside) return { kind: "outside", reason: year.outside, ground: year.exemption?.ground ?? null };
  if (counts_for === null && counts_again) return { kind: "december", again: noon(counts_again) };
  if (counts_for !== null && counts_for !== year.year) return { kind: "next_year", year: counts_for };
  if (year.state !== "makeup" || year.complete) return null;
  return { kind: "makeup", missing: missingHours(year), until: dayOf(year.calendar.makeup_end, year.year) };
}

/** Until when a class of the coming days can be studied again; null where it counts for another year or none. */
export function repairableUntil({ year, counts_for }: HomeView): string | null {
  return counts_for === year.year ? dayOf(year.calendar.makeup_end, year.year) : null;
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
  const shown = "lesson" in first ? first.lesson?.id : undefined;
  return [...home.on_air, ...home.soon, ...home.next].filter(({ id }) => id !== shown);
}

/** The topic classes and appeals that are not already on the first card. */
export function also(home: HomeView): { topics: Topic[]; appeals: Appeal[] } {
  const first = nextUp(home);
  return {
    topics: home.topics.filter((topic) => first.kind !== "topic" || topic !== first.topic),
    appeals: home.appeals.filter((appeal) => first.kind !== "appeal" || appeal !== first.appeal),
  };
}

const noon = (isoDay: string) => `${isoDay}T12:00:00+08:00`;
const dayOf = (monthDay: string, year: number) => noon(`${year}-${monthDay}`);
