/** A notice 提醒 as it stands on a page: the words, their figures, and where it leads. */
import { hours, moment } from "@/ui/format";

export interface Notice {
  id: string;
  code: string;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
  at: string;
  read: boolean;
}

export interface NoticePage {
  items: Notice[];
  unread: number;
  next: string | null;
}

export type Translate = (key: string, figures?: Record<string, unknown>) => string;

/** The part of a topic class that a notice is about. */
const TOPIC_PARTS: Record<string, string> = {
  "topic_class.announced": "discussion",
  "topic_class.reminded": "completion",
  "topic_class.completed": "completion",
};

const BY_KIND = new Set(["hours.credited", "sanction.begun"]);

/** The key of its words: one for each code, for two of them one for each kind. */
export function wordsOf({ code, data }: Notice): string {
  const key = `notice.${code.replace(".", "_")}`;
  if (code === "hours.credited" && !["credit", "revocation"].includes(String(data.kind)))
    return `${key}_other`;
  if (code === "password.changed") return data.own ? key : `${key}_for_you`;
  return BY_KIND.has(code) ? `${key}_${data.kind}` : key;
}

/** What has happened, in one sentence. */
export function textOf(notice: Notice, t: Translate): string {
  const { data } = notice;
  return t(wordsOf(notice), {
    ...data,
    starts_at: when(data.starts_at),
    was: when(data.was),
    until: when(data.until),
    hours: figure(data.hours),
    hours_if_repaired: figure(data.hours_if_repaired),
    nature: data.nature ? t(`nature.${data.nature}`) : "",
    row: data.kind && notice.code === "hours.credited" ? t(`hours.row.${data.kind}`) : "",
  });
}

/** The page that shows more of it; null where there is none. */
export function placeOf({ code, subject, data }: Notice): string | null {
  switch (subject.kind) {
    case "class":
      return code === "recording.ready" || code === "attendance.missing"
        ? `/live/${subject.id}/replay`
        : `/live/${subject.id}`;
    case "topic_class":
      return `/topic-classes/${subject.id}/${TOPIC_PARTS[code] ?? "modules"}`;
    case "entry":
      return `/hours/entries/${subject.id}`;
    case "post":
    case "sanction":
      return "/me/posts";
    case "thread":
      return `/forum/threads/${subject.id}#post-${data.number}`;
    case "answer":
      return `/forum/threads/${data.thread}#post-${data.number}`;
    case "question":
      return "/hours";
    case "year":
      return `/hours?year=${subject.id}`;
    case "session":
      return "/me/devices";
    default:
      return null;
  }
}

function when(instant: unknown): string {
  return typeof instant === "string" && instant ? moment(instant) : "";
}

function figure(value: unknown): string {
  return value === undefined || value === null ? "" : hours(String(value));
}
