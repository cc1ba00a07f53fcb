import type { Found } from "@/forum/types";
import type { Id, Instant } from "@/net/types";

export interface FoundClass {
  id: Id;
  title: string;
  lecturer: string;
  starts_at: Instant;
  state: string;
  recording: string;
}

export interface FoundTopic {
  id: Id;
  title: string;
  about: string;
  begins_at: Instant;
  ends_at: Instant;
  state: string;
}

export interface Group<T> {
  items: T[];
  next: number | null;
}

/** What was found of each kind, newest first; null for a kind that was not asked for. */
export interface SearchView {
  classes: Group<FoundClass> | null;
  topics: Group<FoundTopic> | null;
  posts: Group<Found> | null;
}

export const KINDS = ["classes", "topics", "posts"] as const;
export type Kind = (typeof KINDS)[number];
