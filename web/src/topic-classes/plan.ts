/** The plan of a topic class on a form: what is typed, what is wrong with it, what is sent, what another changed meanwhile. */
import { hours } from "@/ui/format";
import { t } from "@/words";
import type { Groups } from "./kept";
import type { Credit, TopicClass } from "./types";

export interface PlanForm {
  title: string;
  about: string;
  /** The unit that holds it; chosen once. */
  unit: string;
  /** `2026-09-16` and `09:00` in the academy's zone. */
  begin_day: string;
  begin_time: string;
  end_day: string;
  end_time: string;
  credit: Credit;
  /** Hours for completion as typed; asked for with that credit only. */
  hours: string;
}

export type Field = "title" | "about" | "unit" | "begins_at" | "ends_at" | "hours";
export type Wrong = Partial<Record<Field, string>>;

const ZONE_MS = 8 * 3_600_000;

export function blank(): PlanForm {
  return {
    title: "",
    about: "",
    unit: "",
    begin_day: "",
    begin_time: "09:00",
    end_day: "",
    end_time: "18:00",
    credit: "by_module",
    hours: "",
  };
}

export function formOf(view: TopicClass): PlanForm {
  const [begin_day, begin_time] = local(view.begins_at);
  const [end_day, end_time] = local(view.ends_at);
  return {
    title: view.title,
    about: view.about,
    unit: view.unit.id,
    begin_day,
    begin_time,
    end_day,
    end_time,
    credit: view.credit,
    hours: view.hours === null ? "" : hours(view.hours),
  };
}

/** What is missing, as keys of the words. */
export function wrong(form: PlanForm): Wrong {
  const found: Wrong = {};
  if (!form.title.trim()) found.title = "topic.need_title";
  if (!form.unit) found.unit = "topic.need_unit";
  const [begin, end] = [instant(form.begin_day, form.begin_time), instant(form.end_day, form.end_time)];
  if (Number.isNaN(begin)) found.begins_at = "topic.need_begin";
  if (Number.isNaN(end)) found.ends_at = "topic.need_end";
  else if (end <= begin) found.ends_at = "topic.end_before_begin";
  if (form.credit === "on_completion" && !tenths(form.hours)) found.hours = "topic.need_hours";
  return found;
}

export interface PlanBody {
  title: string;
  about: string;
  begins_at: string;
  ends_at: string;
  credit: Credit;
  hours: string | null;
}

/** What is sent of a form that is not wrong; the unit goes with a new plan only. */
export function body(form: PlanForm): PlanBody {
  return {
    title: form.title.trim(),
    about: form.about.trim(),
    begins_at: new Date(instant(form.begin_day, form.begin_time)).toISOString(),
    ends_at: new Date(instant(form.end_day, form.end_time)).toISOString(),
    credit: form.credit,
    hours: form.credit === "on_completion" ? form.hours.trim() : null,
  };
}

/** Only what differs from the plan as it was read, so that another's change to another field stays. */
export function changes(form: PlanForm, known: TopicClass): Partial<PlanBody> {
  const wanted = body(form);
  const names = (Object.keys(wanted) as (keyof PlanBody)[]).filter((name) => !same(name, wanted, known));
  return Object.fromEntries(names.map((name) => [name, wanted[name]]));
}

/** What is one to the person: a moment is a day with its time, and hours for completion go with that credit. */
export const TOGETHER: Groups<PlanForm> = [
  ["title"],
  ["about"],
  ["unit"],
  ["begin_day", "begin_time"],
  ["end_day", "end_time"],
  ["credit", "hours"],
];

/** Such a group as it reads; a moment without its day is none. */
export function shown(group: Groups<PlanForm>[number], form: PlanForm): string {
  if (group[0] === "credit") {
    const hoursText = form.credit === "on_completion" ? form.hours : "";
    return [t(`topic.desk.${form.credit}`), hoursText].filter(Boolean).join(" · ");
  }
  return form[group[0] ?? "title"] && group.map((field) => form[field]).join(" ");
}

/** Places as typed: null is no limit, undefined is no number from 1 to 100,000. */
export function capacityOf(text: string): number | null | undefined {
  const typed = text.trim();
  if (!typed) return null;
  const found = /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
  return found >= 1 && found <= 100_000 ? found : undefined;
}

function same(name: keyof PlanBody, a: PlanBody, b: TopicClass): boolean {
  if (name === "begins_at" || name === "ends_at") return minute(a[name]) === minute(b[name]);
  if (name === "hours") return Number(a.hours ?? 0) === Number(b.hours ?? 0);
  return a[name] === b[name];
}

/** What a form can tell apart: it has no seconds. */
const minute = (at: string): number => Math.floor(Date.parse(at) / 60_000);

/** `6` or `6.5`, more than nothing. */
function tenths(text: string): boolean {
  return /^\d{1,3}(\.\d)?$/.test(text.trim()) && Number(text) > 0;
}

function local(at: string): [string, string] {
  const text = new Date(Date.parse(at) + ZONE_MS).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}

function instant(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00+08:00`);
}
