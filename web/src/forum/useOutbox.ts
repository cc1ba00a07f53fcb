/** The replies on their way, as the pages see them: sent wherever in the application one is, told where they belong. */
import { computed, onScopeDispose, shallowRef, watch } from "vue";
import { Lease } from "@/net/lease";
import { Refusal } from "@/net/refusal";
import { serverNow } from "@/net/server-clock";
import { http, load, useSession } from "@/net/session";
import { channel } from "@/net/useChannel";
import { uuid } from "@/net/uuid";
import { say } from "@/ui/toasts";
import { t } from "@/words";
import { keyOf, type Unsent } from "./outbox";
import { createSending, later } from "./sending";
import { heldText } from "./thread";
import type { Picture, Written } from "./types";

/** What an open page does once the server has a reply to its thread; null: another window has sent it. */
type Placing = (written: Written | null) => Promise<void>;

const AGAIN_MS = 10_000;
const LEASE = "outbox.lease";
const { account, free } = useSession();
const whose = computed(() => (free.value ? (account.value?.id ?? null) : null));
const list = shallowRef<readonly Unsent[]>([]);
const open = new Map<string, Placing>();

const sending = createSending({
  storage: localStorage,
  lease: new Lease(localStorage, LEASE, uuid(), () => Date.now()),
  account: () => whose.value,
  post,
  sent,
  refused: ({ thread, title }) => {
    if (!open.has(thread)) say(t("forum.refused_there", { title }), { to: `/forum/threads/${thread}` });
  },
  changed: show,
});

function show(): void {
  list.value = sending.all();
}

async function post({ thread, text, draft, quotes, pictures }: Unsent): Promise<Written> {
  const body = { text, draft, quotes, pictures: pictures.map(({ id }) => id) };
  try {
    return await http.post<Written>(`/forum/threads/${thread}/posts`, body);
  } catch (error) {
    // Another window has signed in anew; who it was is to be known before anything more is sent.
    if (error instanceof Refusal && error.code === "csrf.missing") await load();
    throw error;
  }
}

async function sent({ thread, title }: Unsent, written: Written): Promise<void> {
  if (open.has(thread)) return place(thread, written);
  const to = `/forum/threads/${thread}#post-${written.number}`;
  const held = heldText(written, t);
  if (written.state === "blocked") say(t("forum.blocked_there", { title }), { to });
  else say(held ?? t("forum.sent_there", { title }), { to });
}

/** A page that may no longer read its thread has no place for the reply. */
async function place(thread: string, written: Written | null): Promise<void> {
  try {
    await open.get(thread)?.(written);
  } catch (error) {
    if (!(error instanceof Refusal) || later(error)) throw error;
  }
}

/** The page fetches anew by itself once the line is back. */
function unlessLater(error: unknown): void {
  if (!later(error)) throw error;
}

/** Another window has sent or taken back, or has ended its turn. */
function changedElsewhere({ key }: StorageEvent): void {
  if (whose.value === null || (key !== LEASE && key !== keyOf(whose.value))) return;
  const before = list.value;
  show();
  const kept = new Set(list.value.map(({ draft }) => draft));
  const gone = new Set(before.filter(({ draft }) => !kept.has(draft)).map(({ thread }) => thread));
  for (const thread of gone) place(thread, null).catch(unlessLater);
  void sending.flush();
}

/** Sends what is kept for whoever is signed in, whatever page is open; called once, by the frame. */
export function sendKept(): void {
  const flush = () => void sending.flush();
  watch(
    whose,
    () => {
      show();
      flush();
    },
    { immediate: true },
  );
  channel.onLine(({ state }) => state === "ready" && flush());
  window.addEventListener("online", flush);
  window.addEventListener("storage", changedElsewhere);
  setInterval(flush, AGAIN_MS);
}

/** All that is kept of the person who is here. */
export function useUnsent() {
  return list;
}

/** The replies to one thread on its page. */
export function useOutbox(thread: string, title: () => string, placing: Placing) {
  const unsent = computed(() => list.value.filter((each) => each.thread === thread));

  function reply(text: string, quotes: number | null, pictures: Picture[]): void {
    const at = serverNow();
    sending.add({ draft: uuid(), thread, title: title(), text, quotes, pictures, at, refused: null });
  }

  open.set(thread, placing);
  onScopeDispose(() => {
    if (open.get(thread) === placing) open.delete(thread);
  });

  return { unsent, reply, retry: sending.retry, take: sending.take };
}
