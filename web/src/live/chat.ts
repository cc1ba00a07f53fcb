/** What is said in class, as one list: the server's posts, and mine from the first key to the decision. */

import type { Decided, PostState, PostView, Written } from "./types";

/** More nodes than this make a long class slow; what is older can be read in the replay. */
export const CAP = 300;

/** `waiting`: kept until the line is back; `failed`: refused for a reason that trying again may mend. */
export type Delivery = "sending" | "waiting" | "failed" | PostState;

export interface Entry {
  readonly key: string;
  readonly post: string | null;
  readonly author: PostView["author"];
  readonly text: string;
  readonly written_at: string;
  readonly at_ms: number | null;
  readonly mine: boolean;
  readonly state: Delivery;
  readonly kind: string | null;
  readonly basis: string | null;
  readonly reason: string | null;
  readonly marks: readonly (readonly [number, number])[];
}

/** What others may see of a post. */
const SHOWN: readonly Delivery[] = ["published"];

export class ChatLog {
  private list: readonly Entry[] = [];

  /** `me` is the id of the account that looks. */
  constructor(private readonly me: string) {}

  entries(): readonly Entry[] {
    return this.list;
  }

  /** A fresh snapshot: the server's word on everything it names; of mine only what it does not know stays. */
  reset(posts: readonly PostView[]): void {
    const known = new Set(posts.flatMap((post) => [post.id, post.draft ?? post.id]));
    const unsent = this.list.filter((entry) => entry.post === null && !known.has(entry.key));
    this.list = [];
    for (const post of posts) this.put(post);
    this.list = sorted([...this.list, ...unsent]);
  }

  /** Older posts, read on demand or for the replay. */
  prepend(posts: readonly PostView[]): void {
    for (const post of posts) this.put(post);
    this.list = sorted(this.list);
  }

  /** `post.published`, also of mine and also when it was held before. Returns whether it is new to the list. */
  published(post: PostView): boolean {
    const isNew = !this.list.some((entry) => entry.post === post.id || entry.key === post.draft);
    this.put(post);
    if (this.list.length > CAP) this.list = this.list.slice(-CAP);
    return isNew;
  }

  /** My text leaves the composer. */
  sending(draft: string, text: string, written_at: string, author: PostView["author"]): void {
    const entry: Entry = {
      key: draft,
      post: null,
      author,
      text,
      written_at,
      at_ms: null,
      mine: true,
      state: "sending",
      kind: null,
      basis: null,
      reason: null,
      marks: [],
    };
    this.list = [...this.list.filter((old) => old.key !== draft), entry].slice(-CAP);
  }

  waiting(draft: string): void {
    this.change(draft, (entry) => (entry.post === null ? { state: "waiting" } : {}));
  }

  failed(draft: string, reason: string): void {
    this.change(draft, () => ({ state: "failed", reason }));
  }

  /** The answer to `post.write`; a message published meanwhile stays published. */
  written(draft: string, answer: Written): void {
    this.change(draft, (entry) => ({
      post: answer.post,
      state: entry.state === "published" ? "published" : answer.state,
      written_at: answer.written_at ?? entry.written_at,
      kind: answer.category ?? null,
      marks: answer.state === "blocked" ? (answer.marks ?? []) : [],
    }));
  }

  /** What a person decided about a message of mine. */
  decided(decision: Decided): void {
    const { post, state, kind = null, basis = null, reason = null } = decision;
    this.change(post, () => ({ state, kind, basis, reason }));
  }

  /** `post.removed`: gone from every screen; its author still sees that it was removed. */
  removed(post: string): void {
    this.list = this.list.flatMap((entry) => {
      if (entry.post !== post) return [entry];
      return entry.mine ? [{ ...entry, state: "removed" as const }] : [];
    });
  }

  /** `post.covered`: what was written since then is taken from view until it is looked at. */
  covered(since: string): void {
    const from = Date.parse(since);
    this.list = this.list.flatMap((entry) => {
      if (Date.parse(entry.written_at) < from || entry.state !== "published") return [entry];
      if (entry.author.role !== "learner") return [entry];
      return entry.mine ? [{ ...entry, state: "held" as const }] : [];
    });
  }

  /** Takes a message of mine that never went through back into the composer. */
  take(draft: string): string | null {
    const found = this.list.find((entry) => entry.key === draft && entry.mine);
    if (!found) return null;
    this.list = this.list.filter((entry) => entry !== found);
    return found.text;
  }

  /** Mine that wait for the line, oldest first. */
  unsent(): readonly Entry[] {
    return this.list.filter((entry) => entry.mine && entry.state === "waiting");
  }

  private put(post: PostView): void {
    const mine = post.author.id === this.me;
    if (!mine && !SHOWN.includes(post.state)) {
      this.removed(post.id);
      return;
    }
    const at = this.list.findIndex((entry) => entry.post === post.id || entry.key === post.draft);
    const entry = entryOf(post, mine, this.list[at]?.key);
    this.list = at < 0 ? [...this.list, entry] : this.list.map((old, index) => (index === at ? entry : old));
  }

  private change(id: string, what: (entry: Entry) => Partial<Entry>): void {
    this.list = this.list.map((entry) =>
      entry.key === id || entry.post === id ? { ...entry, ...what(entry) } : entry,
    );
  }
}

function entryOf(post: PostView, mine: boolean, key: string | undefined): Entry {
  return {
    key: key ?? post.draft ?? post.id,
    post: post.id,
    author: post.author,
    text: post.text,
    written_at: post.written_at,
    at_ms: post.at_ms,
    mine,
    state: post.state,
    kind: post.kind ?? null,
    basis: post.basis ?? null,
    reason: post.reason ?? null,
    marks: [],
  };
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => Date.parse(a.written_at) - Date.parse(b.written_at));
}
