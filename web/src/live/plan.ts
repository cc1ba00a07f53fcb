/** A class being planned: the form, what is wrong with it, what is sent. */

import type { ClassView, Named } from "@/net/types";

export interface PlanForm {
  title: string;
  lecturer: Named | null;
  assistants: Named[];
  family: string;
  topic: string;
  /** `2026-09-16` and `09:00` in the academy's zone. */
  day: string;
  time: string;
  minutes: number | null;
  /** Empty is the whole province. */
  audience: string;
  speaking: boolean;
  mode: ClassView["mode"];
}

export const FAMILIES = ["theory", "party_spirit", "capability", "knowledge", "province"] as const;
export const MODES = ["trust", "after", "before"] as const;

const ZONE_MS = 8 * 3_600_000;
const [SHORTEST, LONGEST] = [10, 480];

export function blank(): PlanForm {
  return {
    title: "",
    lecturer: null,
    assistants: [],
    family: FAMILIES[0],
    topic: "",
    day: "",
    time: "09:00",
    minutes: 90,
    audience: "",
    speaking: true,
    mode: "trust",
  };
}

export function formOf(view: ClassView): PlanForm {
  const local = new Date(Date.parse(view.starts_at) + ZONE_MS).toISOString();
  return {
    title: view.title,
    lecturer: { id: view.lecturer.id, name: view.lecturer.name },
    assistants: [...view.staff],
    family: view.family,
    topic: view.topic ?? "",
    day: local.slice(0, 10),
    time: local.slice(11, 16),
    minutes: view.planned_minutes,
    audience: view.audience_unit?.id ?? "",
    speaking: view.speaking,
    mode: view.mode,
  };
}

export type Wrong = Partial<Record<"title" | "lecturer" | "starts_at" | "planned_minutes", string>>;

/** What is missing, as keys of the words by field of the API. */
export function wrong(form: PlanForm): Wrong {
  const found: Wrong = {};
  if (!form.title.trim()) found.title = "live.plan.need_name";
  if (!form.lecturer) found.lecturer = "live.plan.need_lecturer";
  if (Number.isNaN(startsAt(form))) found.starts_at = "live.plan.need_time";
  const minutes = form.minutes ?? 0;
  if (minutes < SHORTEST || minutes > LONGEST) found.planned_minutes = "live.plan.need_minutes";
  return found;
}

function startsAt({ day, time }: PlanForm): number {
  return Date.parse(`${day}T${time}:00+08:00`);
}

/** The body of `POST /classes` and `PATCH /classes/{id}`. */
export function body(form: PlanForm): Record<string, unknown> {
  return {
    title: form.title.trim(),
    lecturer: form.lecturer?.id,
    family: form.family,
    topic: form.topic.trim() || null,
    starts_at: new Date(startsAt(form)).toISOString(),
    planned_minutes: form.minutes,
    audience_unit: form.audience || null,
    speaking: form.speaking,
    mode: form.mode,
  };
}

/** The body of `PUT /classes/{id}/staff`. */
export function staff(form: PlanForm): { lecturers: string[]; assistants: string[] } {
  return {
    lecturers: form.lecturer ? [form.lecturer.id] : [],
    assistants: form.assistants.map(({ id }) => id),
  };
}

/** Whether the assistants differ from those of the class as it was; other lecturers are then left alone. */
export function staffChanged(form: PlanForm, known: ClassView | null): boolean {
  const ids = (people: readonly Named[]): string =>
    people
      .map(({ id }) => id)
      .sort()
      .join();
  return ids(form.assistants) !== ids(known?.staff ?? []);
}
