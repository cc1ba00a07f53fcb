/** A recording on a page: the same clock, the same beats, what is missing, and the chat of that time. */
import { computed, nextTick, onScopeDispose, ref, type ShallowRef, shallowRef, watch } from "vue";
import { type Chip, chip } from "@/attendance/chip";
import { missing, nextMissing, seen } from "@/attendance/own";
import { elsewhere } from "@/attendance/stay";
import { useAttending } from "@/attendance/useAttending";
import { useOwn } from "@/attendance/useOwn";
import type { Refusal } from "@/net/refusal";
import { http, useSession } from "@/net/session";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { asRefusal } from "@/ui/useTask";
import { ChatLog, type Entry } from "./chat";
import { beginning, chatWindow, onward } from "./replay";
import type { PostView } from "./types";
import { usePlayer } from "./usePlayer";

const RELOAD_MS = 15_000;
/** The beats that close an interval are written by then. */
const WRITTEN_MS = 2_000;

export function useReplay(
  id: string,
  query: { readonly t?: unknown; readonly gap?: unknown },
  video: Readonly<ShallowRef<HTMLVideoElement | null>>,
) {
  const { channel } = useChannel();
  const { account } = useSession();
  const view = shallowRef<ClassView | null>(null);
  const refusal = shallowRef<Refusal | null>(null);
  const attending = useAttending(id);
  const { own } = useOwn(id);
  const onlyGaps = ref(query.gap === "first");
  const gaps = computed(() => (own.data.value ? missing(own.data.value) : []));
  const on = usePlayer({
    video,
    classId: id,
    seeked: (from, to) => attending.visit.value.seeked(from, to),
    drawn: (picture) => {
      attending.draw(picture);
      follow(picture.position_ms);
    },
  });

  async function open(): Promise<void> {
    try {
      view.value = await http.get<ClassView>(`/classes/${id}`);
      if (view.value.recording !== "ready") return;
      await own.reload();
      await nextTick();
      attending.open();
      const first = Date.parse(view.value.went_on_air_at ?? view.value.starts_at);
      await on.open({ replay: true, from_ms: beginning(query, gaps.value, first) });
    } catch (error) {
      refusal.value = asRefusal(error);
    }
  }

  /** Plays only what is missing, where that was chosen. */
  function follow(ms: number | null): void {
    if (ms === null || !onlyGaps.value || !on.picture.value?.playing) return;
    const to = onward(gaps.value, ms);
    if (to === "done") on.player.value?.pause();
    else if (to !== null) on.player.value?.seekTo(to);
  }

  function play(ms: number): void {
    on.player.value?.seekTo(ms);
    void on.player.value?.play();
  }

  function nextGap(): void {
    const next = nextMissing(gaps.value, on.picture.value?.position_ms ?? 0);
    if (next) play(next.from_ms);
  }

  const log = new ChatLog(account.value?.id ?? "");
  const said = shallowRef<readonly Entry[]>([]);
  const fetched = new Set<number>();
  const at_ms = computed(() => on.picture.value?.position_ms ?? null);
  const chat = computed(() => said.value.filter((entry) => (entry.at_ms ?? 0) <= (at_ms.value ?? 0)));

  watch(at_ms, async (ms) => {
    if (ms === null) return;
    const span = chatWindow(ms);
    if (fetched.has(span.from_ms)) return;
    fetched.add(span.from_ms);
    const found = await http.get<{ items: PostView[] }>(`/classes/${id}/posts`, span).catch(() => null);
    if (!found) fetched.delete(span.from_ms);
    else log.prepend(found.items.filter(({ state }) => state === "published"));
    said.value = log.entries();
  });

  const leave = channel.join(`class:${id}`);
  const undo = [
    leave,
    channel.on("post.removed", (data) => {
      log.removed(String(data.post));
      said.value = log.entries();
    }),
  ];
  const timer = setInterval(() => {
    if (on.picture.value?.playing) void own.reload();
  }, RELOAD_MS);
  let closing: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => on.picture.value?.playing ?? false,
    (playing) => {
      clearTimeout(closing);
      if (!playing) closing = setTimeout(() => void own.reload(), WRITTEN_MS);
    },
  );
  onScopeDispose(() => {
    clearInterval(timer);
    clearTimeout(closing);
    for (const stop of undo) stop();
  });

  const chipShown = computed<Chip>(() => {
    const picture = on.picture.value;
    const visit = attending.visit.value;
    return chip({
      air: "on_air",
      countable: "yes",
      elsewhere: elsewhere(visit.state),
      resting: visit.resting,
      lost_ms: attending.lost_ms.value,
      check_ms: attending.check_ms.value,
      playing: picture?.playing ?? false,
      stalled: picture?.stalled ?? false,
      visible: attending.visible.value,
      seen: at_ms.value !== null && own.data.value !== null && seen(own.data.value, at_ms.value),
      counted_ms: attending.counted_ms.value,
    });
  });

  void open();
  return { view, refusal, attending, own, gaps, onlyGaps, on, chat, at_ms, chip: chipShown, play, nextGap };
}
