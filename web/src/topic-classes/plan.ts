/** The plan of a topic class on a form: what is typed, what is wrong with it, what is sent, what another changed meanwhile. */
import type { TopicClass } from "./types";

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
}

export type Field = "title" | "about" | "unit" | "begins_at" | "ends_at";
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
  };
}

export function formOf(
  view: Pick<TopicClass, "title" | "about" | "unit" | "begins_at" | "ends_at">,
): PlanForm {
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
  return found;
}

export interface PlanBody {
  title: string;
  about: string;
  begins_at: string;
  ends_at: string;
}

/** What is sent of a form that is not wrong; the unit goes with a new plan only. */
export function body(form: PlanForm): PlanBody {
  return {
    title: form.title.trim(),
    about: form.about.trim(),
    begins_at: new Date(instant(form.begin_day, form.begin_time)).toISOString(),
    ends_at: new Date(instant(form.end_day, form.end_time)).toISOString(),
  };
}

/** Only what differs from the plan as it was read, so that another's change to another field stays. */
export function changes(form: PlanForm, known: TopicClass): Partial<PlanBody> {
  const wanted = body(form);
  const names = (Object.keys(wanted) as (keyof PlanBody)[]).filter((name) => !same(name, wanted, known));
  return Object.fromEntries(names.map((name) => [name, wanted[name]]));
}

export interface Difference {
  field: keyof PlanBody;
  theirs: string;
  mine: string;
}

/** Fields in which what I typed differs from what is saved by now. */
export function differences(form: PlanForm, now: TopicClass): Difference[] {
  return Object.entries(changes(form, now)).map(([field, mine]) => ({
    field: field as keyof PlanBody,
    theirs: now[field as keyof PlanBody],
    mine: String(mine),
  }));
}

/** Places as typed: null is no limit, undefined is no number from 1 to 100,000. */
export function capacityOf(text: string): number | null | undefined {
  const typed = text.trim();
  if (!typed) return null;
  const found = /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
  return found >= 1 && found <= 100_000 ? found : undefined;
}

function same(name: keyof PlanBody, a: PlanBody, b: TopicClass): boolean {
  return name.endsWith("_at") ? Date.parse(a[name]) === Date.parse(b[name]) : a[name] === b[name];
}

function local(at: string): [string, string] {
  const text = new Date(Date.parse(at) + ZONE_MS).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}

function instant(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00+08:00`);
}
