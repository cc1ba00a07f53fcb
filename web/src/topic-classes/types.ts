/** What the server tells of topic classes (`server/topic_classes/views.py`); shares are decimal strings from 0 to 1. */
import type { ClassState, Id, Instant, Named } from "@/net/types";

export type Place = "enrolled" | "waiting";

export type Credit = "by_module" | "on_completion";

export interface TopicClass {
  id: Id;
  title: string;
  about: string;
  teacher: Named;
  unit: Named;
  self_enrolment: boolean;
  capacity: number | null;
  enrolled: number;
  waiting: number;
  begins_at: Instant;
  ends_at: Instant;
  state: "draft" | "published" | "ended";
  version: number;
  /** Who changed the plan last, and when; for who may plan. */
  changed: { by: Named; at: Instant } | null;
  credit: Credit;
  /** Planned for completion; null where each module gives its own. */
  hours: string | null;
  /** Neither can be changed any more. */
  credit_fixed: boolean;
  /** The discussion group in the forum; null for who may not read it. */
  board: Id | null;
  /** Of the learners whom it is for; none for all. */
  categories: string[];
  my_place: Place | null;
  completed_at: Instant | null;
  may: string[];
}

export interface TopicModule {
  class_id: Id;
  title: string;
  lecturer: string;
  starts_at: Instant;
  planned_minutes: number;
  state: ClassState;
  recording: "none" | "ready" | "withheld";
  nominal_hours: string;
  min_share: string;
  needed: boolean;
}

/** What is told of a live class when something about it changed. */
export type ToldModule = Omit<TopicModule, "min_share" | "needed">;

/** The discussion as a module, after `place` live classes; `asked` published posts complete it. */
export interface TopicDiscussion {
  place: number;
  needed: boolean;
  asked: number;
}

/** The live classes in their order, and the discussion where it is a module. */
export interface ModuleList {
  /** Of the plan. */
  version: number;
  items: TopicModule[];
  discussion: TopicDiscussion | null;
}

export interface TopicCondition {
  name: string;
  reached: string;
  asked: string;
  met: boolean;
}

export interface TopicLine {
  account: Id;
  name: string;
  unit: string;
  place: Place;
  since: Instant;
  shares: Record<Id, string>;
  conditions: TopicCondition[];
  complete: boolean;
  reminded_at: Instant | null;
  completed_at: Instant | null;
}

export interface Announcement {
  id: Id;
  author: Named;
  text: string;
  at: Instant;
}

export interface Classmate {
  id: Id;
  name: string;
  unit: string;
  place: Place;
  since: Instant;
}

/** How many are new on the roster, and how many of those who were put there wait for a place. */
export interface Seated {
  enrolled: number;
  waiting: number;
}

export interface Listed<T> {
  items: T[];
}
