/** Shapes of a class's room, studio and report as the server gives them. */

import type { ClassView, Id, Instant } from "@/net/types";

export type PostState = "published" | "held" | "blocked" | "rejected" | "removed" | "withdrawn";

/** One message; `draft`, `kind`, `basis` and `reason` only to its author. */
export interface PostView {
  readonly id: Id;
  readonly draft: string | null;
  readonly author: {
    readonly id: Id;
    readonly name: string;
    readonly unit: string | null;
    readonly role: "lecturer" | "assistant" | "learner";
  };
  readonly text: string;
  readonly written_at: Instant;
  /** Media clock of the moment it was written, UTC milliseconds; null before the class was on air. */
  readonly at_ms: number | null;
  readonly state: PostState;
  readonly kind?: string | null;
  readonly basis?: string | null;
  readonly reason?: string | null;
}

/** Answer to `post.write`; `marks` are the matched passages as half-open character ranges. */
export interface Written {
  readonly post: Id;
  readonly state: "published" | "held" | "blocked";
  readonly written_at?: Instant;
  readonly marks?: readonly (readonly [number, number])[];
  readonly category?: string | null;
}

/** `post.decided`: what a person decided about a message of mine. */
export interface Decided {
  readonly post: Id;
  readonly state: PostState;
  readonly kind?: string | null;
  readonly basis?: string | null;
  readonly reason?: string | null;
}

export interface Audience {
  readonly here: number;
  readonly earning: number;
  readonly waiting_check: number;
}

export interface Room {
  readonly class: ClassView;
  readonly me: { readonly muted_until: Instant | null };
  readonly posts: readonly PostView[];
  readonly audience: Audience;
  readonly source: "browser" | "encoder" | "prepared" | null;
}

export interface Attendee {
  readonly id: Id;
  readonly name: string;
  readonly unit: string | null;
  readonly earning: boolean;
  readonly waiting_check: boolean;
  readonly weak: boolean;
  readonly since: Instant;
}

export interface AudienceList extends Audience {
  readonly weak: number;
  readonly people: readonly Attendee[];
}

export interface ReportView {
  readonly class: ClassView;
  readonly air: readonly { readonly from_ms: number; readonly until_ms: number }[];
  readonly air_minutes: number;
  readonly curve: readonly { readonly at_ms: number; readonly here: number; readonly earning: number }[];
  readonly posts: Readonly<Record<"published" | "held" | "rejected" | "removed", number>>;
  readonly people: readonly {
    readonly id: Id;
    readonly name: string;
    readonly unit: string | null;
    readonly verified_minutes: string;
    readonly share: string;
    readonly hours: string;
  }[];
}
