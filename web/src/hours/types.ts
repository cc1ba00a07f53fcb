/** Shapes of the ledger and of the explanation of a figure. Hours are decimal strings, minutes are numbers. */
import type { Id, Instant, Named } from "@/net/types";
import type { Credit, TopicCondition } from "@/topic-classes/types";
import type { BandEntry } from "@/ui/year-band";

export interface Entry extends Omit<BandEntry, "date"> {
  id: Id;
  seq: number;
  at: Instant;
  makeup: boolean;
  hours: string;
  activity: { kind: string; id: Id; title: string; at: Instant | null };
  reason: string | null;
  basis: string | null;
  previous_hash: string | null;
  hash: string;
  policy_version: string;
  corrects: number | null;
}

export interface Gap {
  class: { id: Id; title: string; starts_at: Instant };
  share: string;
  missing_minutes: number;
  hours_if_repaired: string;
  until: Instant | null;
}

export type YearState = "in_year" | "makeup" | "closing" | "closed";
export type Outside = "exempt" | "joined_late" | "left";
export const GROUNDS = ["illness", "maternity", "full_time_study", "secondment", "other"] as const;
export type Ground = (typeof GROUNDS)[number];

/** That a year is not counted for a person, by a document of the managing authority. */
export interface Exemption {
  id: Id;
  year: number;
  ground: Ground;
  document: string;
  given_by: Named | null;
  given_at: Instant;
  withdrawn_by: Named | null;
  withdrawn_at: Instant | null;
}

export type Consequence = "not_excellent" | "not_competent" | "incompetent";

export interface YearRecord {
  person: Named;
  year: number;
  years: number[];
  calendar: { year_end: string; makeup_start: string; makeup_end: string };
  state: YearState;
  complete: boolean;
  outside: Outside | null;
  exemption: { ground: Ground; document: string } | null;
  min_total: string;
  min_required: string;
  total: string;
  required: string;
  elective: string;
  days_left: number;
  consequence: Consequence | null;
  policy_version: string;
  entries: Entry[];
  pending: Gap[];
}

export interface Stretch {
  from_ms: number;
  until_ms: number;
  kind: "counted" | "repaired" | "cut" | "void" | "open";
  reason: string | null;
}

export interface Why {
  class: { id: Id; title: string; starts_at: Instant; planned_minutes: number };
  state: "open" | "assessed";
  air: { from_ms: number; until_ms: number }[];
  air_minutes: number;
  nominal_minutes: number;
  verified_minutes: number;
  repaired_minutes: number;
  share: string;
  min_share: string;
  full_share: string;
  minutes_per_hour: number;
  hours: string;
  nominal_hours: string;
  beats: { live: number; replay: number; refused: number };
  stretches: Stretch[];
  missing: { from_ms: number; until_ms: number }[];
  missing_minutes: number;
  entries: Entry[];
  policy_version: string;
  can_repair_until: Instant | null;
  /** The topic class that counts for it, once; `own_hours`: it gives its own all the same. */
  counted_by: { id: Id; title: string; hours: string; own_hours: boolean } | null;
}

/** A live class of a topic class: what is attended, what it is worth by itself, what the ledger holds for it. */
export interface TopicPart {
  about: { id: Id; title: string; starts_at: Instant };
  needed: boolean;
  assessed: boolean;
  share: string;
  attended: boolean;
  own_hours: string;
  credited_hours: string;
}

/** Why a topic class gives what it gives; `hours` is its own, what its classes gave is subtracted already. */
export interface TopicWhy {
  id: Id;
  title: string;
  begins_at: Instant;
  ends_at: Instant;
  state: string;
  credit: Credit;
  completed_at: Instant | null;
  complete: boolean;
  conditions: TopicCondition[];
  parts: TopicPart[];
  hours_planned: string | null;
  hours_by_modules: string;
  hours: string;
  entries: Entry[];
  min_share: string;
  policy_version: string;
}

export interface Question {
  id: Id;
  by: Named | null;
  class: { id: Id; title: string } | null;
  entry: Id | null;
  text: string;
  asked_at: Instant;
  due_at: Instant;
  answer: { text: string; by: Named | null; at: Instant } | null;
}

/** A lower result proposed as a correction, before a person. */
export interface Proposal {
  id: Id;
  class: { id: Id; title: string; starts_at: Instant };
  person: Named | null;
  kind: string;
  state: string;
  year: number;
  held: string;
  assessed: string;
  hours: string;
  made_at: Instant;
}
