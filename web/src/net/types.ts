/** Shapes of the API as the pages use them (`/api/openapi.json` is the authority). Times are RFC 3339, hours are decimal strings. */

export type Id = string;
export type Instant = string;

export interface Named {
  id: Id;
  name: string;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  size: number;
}

export interface Account {
  id: Id;
  name: string;
  staff_number: string;
  unit: Named;
  category: string;
  post: string | null;
  rank: string | null;
}

export type RoleName =
  | "learner"
  | "lecturer"
  | "assistant"
  | "class_teacher"
  | "author"
  | "reviewer"
  | "moderator"
  | "sub_centre_admin"
  | "academy_admin"
  | "department"
  | "auditor";

export interface HeldRole {
  id?: Id;
  role: RoleName;
  scope_kind: "unit" | "authority" | "class" | "all" | null;
  scope_id: Id | null;
  scope_name: string | null;
  until: Instant | null;
}

export interface Settings {
  answer_time_extended: boolean;
}

export interface DemoAccount {
  /** What the account is played for, the key of its guide in the words. */
  part: string;
  /** What the account is for, in Chinese. */
  role: string;
  name: string;
  account: string;
  password: string;
}

export interface SessionView {
  account: Account | null;
  roles?: HeldRole[];
  powers?: string[];
  csrf: string;
  /** Seconds without use after which the sign-in ends. */
  idle_s?: number | null;
  must_change_password?: boolean;
  read_terms?: boolean;
  settings?: Settings;
  server_time?: Instant;
  academy: { name: string; telephone?: string | null };
  demo: { accounts: DemoAccount[] } | null;
}

export type ClassState =
  | "scheduled"
  | "waiting"
  | "on_air"
  | "paused"
  | "interrupted"
  | "ended"
  | "cancelled";

export interface ClassView {
  id: Id;
  title: string;
  lecturer: Named & { title: string | null };
  staff: Named[];
  family: string;
  topic: string | null;
  starts_at: Instant;
  planned_minutes: number;
  nominal_hours: string;
  /** Shares of air time from which it gives hours, and all of them. */
  min_share: string;
  full_share: string;
  audience_unit: Named | null;
  speaking: boolean;
  mode: "after" | "before" | "trust";
  slow_s: number;
  frozen: boolean;
  state: ClassState;
  state_since: Instant;
  version: number;
  air_ms: number;
  went_on_air_at: Instant | null;
  ended_at: Instant | null;
  recording: "none" | "ready" | "withheld";
  resumes_at: Instant | null;
  interrupted_since: Instant | null;
  may: string[];
}
