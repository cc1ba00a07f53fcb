/** Sends the replies of a thread: at once, when the line is back, and after a reload. */
import { computed, onScopeDispose, shallowRef } from "vue";
import { uuid } from "@/live/uuid";
import { LineLost, Refusal } from "@/net/refusal";
import { serverNow } from "@/net/server-clock";
import { http, useSession } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { Outbox, type Unsent } from "./outbox";
import type { Picture, Written } from "./types";

const AGAIN_MS = 10_000;
/** These say nothing of the text: the sign-in has ended, too much at once. */
const LATER = new Set([401, 408, 429]);

/** `onWritten` is called with each answer of the server. */
export function useOutbox(thread: string, onWritten: (written: Written) => Promise<void>) {
  const { account } = useSession();
  const { channel } = useChannel();
  const outbox = new Outbox(localStorage, `outbox.${account.value?.id ?? ""}`);
  const list = shallowRef(outbox.all());
  const unsent = computed(() => list.value.filter((each) => each.thread === thread));
  let busy = false;

  const show = () => (list.value = outbox.all());

  /** Sends what waits, of every thread, one after the other; stops where the line is lost. */
  async function flush(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      for (let next = outbox.waiting()[0]; next; next = outbox.waiting()[0]) await send(next);
    } catch (error) {
      if (!later(error)) throw error;
    } finally {
      busy = false;
      show();
    }
  }

  async function send({ draft, thread: where, text, quotes, pictures }: Unsent): Promise<void> {
    try {
      const body = { text, draft, quotes, pictures: pictures.map(({ id }) => id) };
      const written = await http.post<Written>(`/forum/threads/${where}/posts`, body);
      if (where === thread) await onWritten(written);
      outbox.drop(draft);
    } catch (error) {
      if (!(error instanceof Refusal) || later(error)) throw error;
      const { code, basis, field, status, data } = error;
      outbox.refuse(draft, { code, basis, field, status, data });
    }
    show();
  }

  function reply(text: string, quotes: number | null, pictures: Picture[]): void {
    outbox.add({ draft: uuid(), thread, text, quotes, pictures, at: serverNow(), refused: null });
    show();
    void flush();
  }

  function retry(draft: string): void {
    outbox.refuse(draft, null);
    show();
    void flush();
  }

  /** Its author has it back. */
  function take(draft: string): void {
    outbox.drop(draft);
    show();
  }

  const stop = channel.onLine((line) => line.state === "ready" && void flush());
  const timer = setInterval(() => outbox.waiting().length && void flush(), AGAIN_MS);
  const online = () => void flush();
  window.addEventListener("online", online);
  onScopeDispose(() => {
    stop();
    clearInterval(timer);
    window.removeEventListener("online", online);
  });
  void flush();

  return { unsent, reply, retry, take };
}

function later(error: unknown): boolean {
  if (error instanceof LineLost) return true;
  return error instanceof Refusal && (error.status >= 500 || LATER.has(error.status));
}
