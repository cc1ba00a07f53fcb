import type { Entry, Gap, YearRecord } from "@/hours/types";
import type { ClassView, Id, Instant } from "@/net/types";

/** A decision against one of my posts that is not the last word: to be reviewed if I want, or under review. */
export interface Appeal {
  post: Id;
  place: string;
  until: Instant;
  asked: boolean;
}

/** A topic class under way; `next` is the first module that still asks for attendance. */
export interface Topic {
  id: Id;
  title: string;
  ends_at: Instant;
  attended: number;
  modules: number;
  complete: boolean;
  next: { id: Id; title: string; starts_at: Instant } | null;
}

/** What the first screen of a learner is made of. */
export interface HomeView {
  on_air: ClassView[];
  soon: ClassView[];
  next: ClassView[];
  appeals: Appeal[];
  topics: Topic[];
  year: Omit<YearRecord, "entries" | "pending">;
  entries: Entry[];
  gaps: Gap[];
  first_day: boolean;
  /** The year for which study counts now; null in a December that counts for none, until `counts_again`. */
  counts_for: number | null;
  counts_again: string | null;
}
