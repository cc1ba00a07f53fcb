/** What the server tells of the forum (`server/forum/views.py`). */

/** Nobody may speak here `until` then, or until it is ended. */
export interface PlacePause {
  since: string;
  until: string | null;
  reason: string;
}

export interface Board {
  id: string;
  title: string;
  description: string;
  open: boolean;
  speak_from: string;
  speak_until: string;
  paused: PlacePause | null;
  /** It is the discussion group of this one. */
  topic_class: string | null;
}

export interface ThreadLine {
  id: string;
  board: string;
  title: string;
  author: { id: string; name: string };
  unit: string | null;
  opened_at: string;
  last_at: string;
  newest: number;
  read: number;
  followed: boolean;
  state: PostState;
  paused: PlacePause | null;
}

export interface Cursor {
  before_at: string;
  before: string;
}

export interface ThreadList {
  items: ThreadLine[];
  next: Cursor | null;
}

export type PostState = "published" | "held" | "blocked" | "rejected" | "removed" | "withdrawn";

export interface Picture {
  id: string;
  alt: string;
  width: number;
  height: number;
}

export interface ForumPost {
  id: string;
  /** The name under which an own one was written. */
  draft: string | null;
  author: { id: string; name: string; unit: string | null; role: "lecturer" | "assistant" | "learner" };
  text: string;
  html: string;
  number: number;
  quotes: number | null;
  written_at: string;
  edited_at: string | null;
  state: PostState;
  version: number;
  kind?: string | null;
  basis?: string | null;
  reason?: string | null;
  category?: string | null;
  marks: [number, number][];
  pictures: Picture[];
}

export interface PostPage {
  items: ForumPost[];
  earlier: number | null;
  next: number | null;
}

export interface Written {
  thread: string;
  number: number;
  post: string;
  state: PostState;
  version: number;
  marks: [number, number][];
  category: string | null;
  /** When a held one is published by itself if nobody decides before. */
  release_at: string | null;
}

export interface Found {
  thread: string;
  title: string;
  number: number;
  author: { id: string; name: string };
  unit: string | null;
  text: string;
  written_at: string;
}

export interface FoundList {
  items: Found[];
  next: number | null;
}
