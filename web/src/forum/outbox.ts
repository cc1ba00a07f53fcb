/** Replies on their way: kept in this browser until the server has answered, so that each is sent once and none lost.
 *
 * Every reply has the name that it was written under (`draft`), by which the server knows it again: it may be sent as
 * often as it takes, also by a second window, and is still one post. What is here is read anew each time, as other
 * windows write to it, too.
 */
import type { Problem } from "@/net/refusal";
import type { Picture } from "./types";

export interface Unsent {
  draft: string;
  thread: string;
  /** What the thread is called, where the reply is spoken of elsewhere. */
  title: string;
  text: string;
  quotes: number | null;
  pictures: Picture[];
  /** When it was written, ms since 1970. */
  at: number;
  /** Why the server would not have it; it waits for the author then. */
  refused: Problem | null;
}

/** What of the browser's storage is used. */
export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Where the replies of an account are kept. */
export function keyOf(account: string): string {
  return `outbox.${account}`;
}

export class Outbox {
  constructor(
    private readonly storage: Kept,
    private readonly key: string,
  ) {}

  all(): readonly Unsent[] {
    return JSON.parse(this.storage.getItem(this.key) ?? "[]") as Unsent[];
  }

  /** Those that are to be sent, in the order in which they were written. */
  waiting(): readonly Unsent[] {
    return this.all().filter(({ refused }) => refused === null);
  }

  add(unsent: Unsent): void {
    this.keep([...this.all().filter(({ draft }) => draft !== unsent.draft), unsent]);
  }

  /** The server has it, or its author takes it back. */
  drop(draft: string): void {
    this.keep(this.all().filter((each) => each.draft !== draft));
  }

  /** The server's no; null: it is to be tried again. */
  refuse(draft: string, refused: Problem | null): void {
    this.keep(this.all().map((each) => (each.draft === draft ? { ...each, refused } : each)));
  }

  private keep(list: readonly Unsent[]): void {
    if (list.length) this.storage.setItem(this.key, JSON.stringify(list));
    else this.storage.removeItem(this.key);
  }
}
