/** Shapes of the moderation desk as the API shows them. */
import type { Picture } from "@/forum/types";
import type { Id, Instant, Named, Page } from "@/net/types";

export type Action = "approve" | "reject" | "return" | "remove" | "restore";

export interface Author {
  id: Id;
  name: string;
  unit: string | null;
}

export interface Claim {
  by: Named;
  until: Instant;
  mine: boolean;
}

export interface Decided {
  id: Id;
  action: string;
  kind: string | null;
  basis: string | null;
  reason: string | null;
  by: Named | null;
  at: Instant;
}

export interface Item {
  id: Id;
  text: string;
  /** What others still read while this text waits. */
  earlier: string | null;
  marks: [number, number][];
  category: string | null;
  author: Author;
  place: { kind: string; id: Id; title: string; live: boolean };
  state: "published" | "held" | "blocked" | "rejected" | "removed" | "withdrawn";
  version: number;
  written_at: Instant;
  waiting_since: Instant;
  at_ms: number | null;
  pictures: Picture[];
  reports: { reason: string; at: Instant }[];
  claimed: Claim | null;
  decision: Decided | null;
}

/** A text that a post had from `at` until `until`; null: it has it now. */
export interface PostText {
  text: string;
  by: Named;
  at: Instant;
  until: Instant | null;
}

export interface ItemDetail extends Item {
  before: { id: Id; author: Author; text: string; written_at: Instant }[];
  history: Omit<Decided, "id">[];
  author_record: { removed: number; sanctions: number };
}

export interface Counts {
  held: number;
  reported: number;
  reviews: number;
  sanctions: number;
}

export interface Choice {
  kind: string;
  id: Id;
  name: string;
  count: number;
}

export interface Choices {
  kinds: Record<string, number>;
  places: Choice[];
  centres: Choice[];
}

export type Queue = Page<Item> & { counts: Counts };

export interface Decision {
  version: number;
  decision: Action;
  kind?: string;
  basis?: string;
  reason?: string;
}

export interface Review {
  id: Id;
  item: Item;
  text: string;
  asked_at: Instant;
  decision: Decided;
}

export interface Sanction {
  id: Id;
  person: Author;
  kind: "warning" | "pause" | "exclusion";
  place: { kind: string; id: Id; title: string } | null;
  until: Instant | null;
  basis: string;
  reason: string;
  by: Named;
  at: Instant;
  state: "proposed" | "in_force" | "ended" | "refused";
  mine: boolean;
}
