import type { Entry, Gap, YearRecord } from "@/hours/types";
import type { ClassView } from "@/net/types";

/** What the first screen of a learner is made of. */
export interface HomeView {
  on_air: ClassView[];
  soon: ClassView[];
  next: ClassView[];
  year: Omit<YearRecord, "entries" | "pending">;
  entries: Entry[];
  gaps: Gap[];
}
