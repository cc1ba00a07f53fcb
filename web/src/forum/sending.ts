/** Sends the replies that are kept in this browser, one after the other and one window at a time. */
import type { Lease } from "@/net/lease";
import { comeAgain, Refusal } from "@/net/refusal";
import { type Kept, keyOf, Outbox, type Unsent } from "./outbox";
import type { Written } from "./types";

export interface SendingParts {
  storage: Kept;
  lease: Pick<Lease, "take" | "giveBack">;
  /** Whose replies may be sent now; null: nobody's. */
  account: () => string | null;
  post: (reply: Unsent) => Promise<Written>;
  /** The server has it. Until this is done it stays kept: sent once more, it is the same post. */
  sent: (reply: Unsent, written: Written) => Promise<void>;
  /** The server would not have it; it is kept for its author. */
  refused: (reply: Unsent) => void;
  /** What is kept has changed. */
  changed: () => void;
}

/** These say nothing of the text: the sign-in has ended or is another one, too much at once. */
const LATER = new Set([401, 408, 429]);

/** Whether what was tried is to be tried again by itself. */
export function later(error: unknown): boolean {
  if (comeAgain(error)) return true;
  return error instanceof Refusal && (LATER.has(error.status) || error.code === "csrf.missing");
}

export function createSending(parts: SendingParts) {
  let busy = false;
  let running = Promise.resolve();

  /** Of the person who is here now, and of nobody else who uses this browser. */
  function outbox(): Outbox | null {
    const whose = parts.account();
    return whose === null ? null : new Outbox(parts.storage, keyOf(whose));
  }

  /** Sends what waits, unless that is under way; done when all has been tried that can be. */
  function flush(): Promise<void> {
    if (!busy) running = run();
    return running;
  }

  /** Of every thread; stops where the line is lost, and where somebody else has signed in. */
  async function run(): Promise<void> {
    const whose = parts.account();
    const kept = outbox();
    busy = true;
    try {
      let next = kept?.waiting()[0];
      while (kept && next && parts.account() === whose && parts.lease.take()) {
        await send(kept, next);
        next = kept.waiting()[0];
      }
    } catch (error) {
      if (!later(error)) throw error;
    } finally {
      busy = false;
      parts.lease.giveBack();
    }
  }

  async function send(kept: Outbox, reply: Unsent): Promise<void> {
    const written = await posted(kept, reply);
    if (written) {
      await parts.sent(reply, written);
      kept.drop(reply.draft);
    }
    parts.changed();
  }

  async function posted(kept: Outbox, reply: Unsent): Promise<Written | null> {
    try {
      return await parts.post(reply);
    } catch (error) {
      if (!(error instanceof Refusal) || later(error)) throw error;
      const { code, basis, field, status, data } = error;
      kept.refuse(reply.draft, { code, basis, field, status, data });
      parts.refused(reply);
      return null;
    }
  }

  function change(what: (kept: Outbox) => void): void {
    const kept = outbox();
    if (kept) what(kept);
    parts.changed();
    void flush();
  }

  return {
    all: (): readonly Unsent[] => outbox()?.all() ?? [],
    flush,
    add: (reply: Unsent) => change((kept) => kept.add(reply)),
    retry: (draft: string) => change((kept) => kept.refuse(draft, null)),
    /** Its author has it back. */
    take: (draft: string) => change((kept) => kept.drop(draft)),
  };
}
