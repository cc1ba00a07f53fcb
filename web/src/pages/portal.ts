/** What the academy shows to everybody. */
import type { ClassState, Id, Instant } from "@/net/types";

/** A class for everybody; who teaches it is said after sign-in. */
export interface OpenClass {
  id: Id;
  title: string;
  family: string;
  starts_at: Instant;
  planned_minutes: number;
  state: ClassState;
}

export interface PortalView {
  academy: { name: string; telephone: string | null };
  today: OpenClass[];
  documents: { name: string; path: string }[];
}
