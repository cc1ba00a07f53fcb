/** Shapes of people as the API shows them. */
import type { Id, Instant, Named, RoleName } from "@/net/types";

export interface Profile {
  id: Id;
  name: string;
  identity_masked: string;
  staff_number: string;
  unit: Named;
  managing_authority: Named;
  category: string;
  post: string | null;
  rank: string | null;
  state: "active" | "stopped";
  version: number;
}

export interface CalendarState {
  made_at: Instant | null;
}

export interface NewCalendar {
  address: string;
}

export interface Device {
  id: Id;
  device: string;
  address: string | null;
  signed_in_at: Instant;
  seen_at: Instant;
  current: boolean;
}

export interface Look {
  at: Instant;
  by: { name: string; unit: string | null };
  what: string;
}

export interface OwnPost {
  id: Id;
  place: { kind: string; id: Id; title: string };
  /** Why it was given back to be changed. */
  kind: string | null;
  basis: string | null;
  reason: string | null;
  text: string;
  state: "published" | "held" | "blocked" | "rejected" | "removed" | "withdrawn";
  written_at: Instant;
  decision: {
    id: Id;
    kind: string | null;
    basis: string | null;
    reason: string | null;
    at: Instant;
    review_until: Instant | null;
  } | null;
  review: { state: "open" | "confirmed" | "overturned"; reason: string | null } | null;
}

export interface Unit {
  id: Id;
  name: string;
  parent: Id | null;
  is_sub_centre: boolean;
}

export interface Holding {
  id: Id;
  role: RoleName;
  scope_kind: string;
  scope_id: Id | null;
  scope_name: string | null;
  until: Instant | null;
}
