/** The chat of one class on a page: what was said, what I may say, what became of what I said. */
import { computed, onScopeDispose, type Ref, ref, shallowRef } from "vue";
import { Refusal } from "@/net/refusal";
import { http, useSession } from "@/net/session";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { uuid } from "@/net/uuid";
import { refusalText } from "@/ui/refusal-text";
import { useDraft } from "@/ui/useDraft";
import { t } from "@/words";
import type { Announcer } from "./announcer";
import { ChatLog, type Entry } from "./chat";
import { opens, turn } from "./speaking";
import type { Decided, PostView, Written } from "./types";

export interface ChatParts {
  readonly id: string;
  readonly view: () => ClassView | null;
  readonly mutedUntil: () => number | null;
  /** Server time, milliseconds. */
  readonly now: Ref<number>;
  readonly announcer: Announcer;
}

export function useChat(parts: ChatParts) {
  const { channel, line } = useChannel();
  const { account } = useSession();
  const me = account.value?.id ?? "";
  const log = new ChatLog(me);
  const entries = shallowRef<readonly Entry[]>([]);
  const lastSentAt = ref<number | null>(null);
  const text = useDraft(`class:${parts.id}`);

  const draw = (): void => {
    entries.value = log.entries();
  };
  const myTurn = computed(() =>
    turn(
      {
        allowed: parts.view()?.speaking ?? false,
        at: opens(parts.view()?.state ?? "scheduled"),
        runs: author().role !== "learner",
        frozen: parts.view()?.frozen ?? false,
        slow_ms: (parts.view()?.slow_s ?? 0) * 1000,
        lastSentAt: lastSentAt.value,
        mutedUntil: parts.mutedUntil(),
      },
      parts.now.value,
    ),
  );

  /** How others will read who said it. */
  function author(): PostView["author"] {
    const view = parts.view();
    const staff = view?.staff.some(({ id }) => id === me) ? "assistant" : "learner";
    const role = view?.lecturer.id === me ? "lecturer" : staff;
    return { id: me, name: account.value?.name ?? "", unit: account.value?.unit.name ?? null, role };
  }

  function typed(value: string): void {
    text.value = value;
  }

  function say(): void {
    const said = text.value.trim();
    if (!said || !myTurn.value.may) return;
    typed("");
    void deliver(uuid(), said);
  }

  async function deliver(key: string, said: string): Promise<void> {
    log.sending(key, said, new Date(parts.now.value).toISOString(), author());
    if (line.value.state !== "ready") log.waiting(key);
    draw();
    try {
      const place = { kind: "class", id: parts.id };
      const data = { place, text: said, draft: key };
      const answer = await channel.send<Written>("post.write", data, { keep: true });
      log.written(key, answer);
      if (answer.state !== "blocked") lastSentAt.value = parts.now.value;
    } catch (error) {
      log.failed(key, error instanceof Refusal ? refusalText(error) : "");
    }
    draw();
  }

  function retry(entry: Entry): void {
    void deliver(entry.key, entry.text);
  }

  /** Back into the composer, behind what stands there. */
  function edit(entry: Entry): void {
    const taken = log.take(entry.key);
    if (taken === null) return;
    typed(text.value ? `${text.value}\n${taken}` : taken);
    draw();
  }

  async function withdraw(entry: Entry): Promise<void> {
    await channel.send("post.withdraw", { post: entry.post });
    log.decided({ post: entry.post ?? "", state: "withdrawn" });
    draw();
  }

  const report = (entry: Entry, kind: string, reason: string): Promise<void> =>
    http.post(`/posts/${entry.post}/report`, { kind, reason });
  const review = (entry: Entry, why: string): Promise<void> =>
    http.post(`/posts/${entry.post}/review`, { text: why });

  function announce({ author: { name, role }, text: said }: PostView): void {
    const line = { text: t("live.chat.spoken", { name, text: said }), staff: role !== "learner" };
    parts.announcer.offer(line, performance.now());
  }

  function reset(posts: readonly PostView[]): void {
    log.reset(posts);
    draw();
  }

  const undo = [
    channel.on("post.published", (data) => {
      const post = data as unknown as PostView;
      if (log.published(post) && post.author.id !== me) announce(post);
      draw();
    }),
    channel.on("post.decided", (data) => {
      log.decided(data as unknown as Decided);
      draw();
    }),
    channel.on("post.removed", (data) => {
      log.removed(String(data.post));
      draw();
    }),
    channel.on("post.covered", (data) => {
      log.covered(String(data.since));
      draw();
    }),
    channel.onLine(({ state }) => {
      if (state !== "lost") return;
      for (const entry of log.entries()) if (entry.mine && entry.state === "sending") log.waiting(entry.key);
      draw();
    }),
  ];
  onScopeDispose(() => {
    for (const stop of undo) stop();
  });

  return { entries, text, turn: myTurn, typed, say, retry, edit, withdraw, report, review, reset };
}

export type Chat = ReturnType<typeof useChat>;
