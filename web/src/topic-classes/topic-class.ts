/** A topic class as it stands on the pages: which list it is in, what a module asks for now, conditions in words. */
import { percent } from "@/attendance/own";
import { hours, isoMoment } from "@/ui/format";
import { t } from "@/words";
import type { ToldModule, TopicClass, TopicCondition, TopicModule } from "./types";

export type Group = "mine" | "open" | "past";

/** For a learner: what is under way, what can be joined, what is over; drafts are the class teacher's alone. */
export function groupsOf(found: readonly TopicClass[]): { name: Group; items: TopicClass[] }[] {
  const lists: Record<Group, TopicClass[]> = { mine: [], open: [], past: [] };
  for (const each of found) {
    const group = groupOf(each);
    if (group) lists[group].push(each);
  }
  return (["mine", "open", "past"] as const)
    .map((name) => ({ name, items: lists[name] }))
    .filter(({ items }) => items.length);
}

function groupOf({ state, my_place, self_enrolment }: TopicClass): Group | null {
  if (state === "ended") return my_place ? "past" : null;
  if (state === "draft") return null;
  if (my_place) return "mine";
  return self_enrolment ? "open" : null;
}

/** The one tag that says where I stand with it. */
export type Standing = "completed" | "enrolled" | "waiting" | "full" | "open" | "closed" | "ended" | "draft";

export function standingOf(view: TopicClass): Standing {
  if (view.completed_at) return "completed";
  if (view.state !== "published") return view.state;
  if (view.my_place) return view.my_place;
  if (!view.self_enrolment) return "closed";
  return isFull(view) ? "full" : "open";
}

export const TONES: Record<Standing, "ok" | "brand" | "warn" | "plain"> = {
  completed: "ok",
  enrolled: "brand",
  waiting: "warn",
  full: "warn",
  open: "brand",
  closed: "plain",
  ended: "plain",
  draft: "warn",
};

export function isFull({ capacity, enrolled }: Pick<TopicClass, "capacity" | "enrolled">): boolean {
  return capacity !== null && enrolled >= capacity;
}

/** How its hours come, in words. */
export function creditOf({ credit, hours: planned }: Pick<TopicClass, "credit" | "hours">): string {
  return credit === "on_completion"
    ? t("topic.on_completion", { hours: hours(planned ?? "0") })
    : t("topic.by_module");
}

/** Beginning and end, as tables write them. */
export function spanOf({ begins_at, ends_at }: Pick<TopicClass, "begins_at" | "ends_at">): string {
  return `${isoMoment(begins_at)} — ${isoMoment(ends_at)}`;
}

const LIVE = ["on_air", "paused", "interrupted"];
/** The waiting page is worth a visit from now on. */
const SOON_MS = 30 * 60_000;

/** The modules after something was told of one of them; of others nothing is kept. */
export function withTold<M extends TopicModule>(modules: readonly M[], told: ToldModule): M[] {
  return modules.map((each) => (each.class_id === told.class_id ? { ...each, ...told } : each));
}

export interface Act {
  key: string;
  to: string;
  primary: boolean;
}

/** The one thing that a member can do with a module now; `share` of its air time that was attended, null for none. */
export function actOf(module: TopicModule, share: string | null, now: number): Act | null {
  const { class_id, state, recording, starts_at } = module;
  const live = LIVE.includes(state);
  const soon = state === "scheduled" && Date.parse(starts_at) - now < SOON_MS;
  if (live || state === "waiting" || soon)
    return { key: "topic.enter", to: `/live/${class_id}/room`, primary: live };
  if (recording !== "ready") return null;
  return isAttended(module, share)
    ? { key: "topic.replay", to: `/live/${class_id}/replay`, primary: false }
    : { key: "topic.catch_up", to: `/live/${class_id}/replay?gap=first`, primary: module.needed };
}

export function isAttended({ min_share }: Pick<TopicModule, "min_share">, share: string | null): boolean {
  return Number(share ?? 0) >= Number(min_share);
}

/** How a condition is counted: live classes, or a share in whole percent, never rounded up. */
export function figuresOf({ name, reached, asked }: TopicCondition): { reached: string; asked: string } {
  const figure = name.endsWith("_share")
    ? (value: string) => `${percent(value)}%`
    : (value: string) => String(Math.trunc(Number(value)));
  return { reached: figure(reached), asked: figure(asked) };
}
