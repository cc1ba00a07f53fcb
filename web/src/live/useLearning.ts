/** A learner in a live class: room, player, attendance and chat tied together for the page. */
import { computed, nextTick, onScopeDispose, ref, type ShallowRef, watch } from "vue";
import { type AirState, type Chip, chip } from "@/attendance/chip";
import { elsewhere } from "@/attendance/stay";
import { useAttending } from "@/attendance/useAttending";
import { useOwn } from "@/attendance/useOwn";
import { useNow } from "@/net/server-clock";
import { useChannel } from "@/net/useChannel";
import { Announcer } from "./announcer";
import type { Picture } from "./player";
import { patience_ms, plays, type Scene, scene } from "./room";
import { useChat } from "./useChat";
import { usePlayer } from "./usePlayer";
import { useRoom } from "./useRoom";

const REOPEN_MS = 2_000;
const REPORT_MS = 30_000;

export function useLearning(id: string, video: Readonly<ShallowRef<HTMLVideoElement | null>>) {
  const { channel } = useChannel();
  const now = useNow();
  const attending = useAttending(id);
  const { own, closed, credited } = useOwn(id);
  const announcer = new Announcer();
  const room = useRoom(id, (posts) => chat.reset(posts));
  const chat = useChat({
    id,
    view: () => room.view.value,
    mutedUntil: () => room.mutedUntil.value,
    now,
    announcer,
  });
  const on = usePlayer({
    video,
    classId: id,
    seeked: (from, to) => attending.visit.value.seeked(from, to),
    drawn: (picture) => attending.draw(picture),
  });

  const shown = computed(() => room.view.value && scene(room.view.value, now.value));
  /** The picture was opened in this visit; it stays on screen until the end has been seen. */
  const opened = ref(false);
  const finished = ref(false);
  const staying = ref(false);
  const stoodAt = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function show(): Promise<void> {
    opened.value = true;
    await nextTick();
    attending.open();
    await on.open({ replay: false, from_ms: null });
  }

  watch(
    () => room.view.value && plays(room.view.value),
    (playable) => {
      if (playable && !opened.value) void show();
    },
  );

  watch(
    () => room.view.value?.state,
    () => on.player.value?.stalls.forgive(),
  );

  /** Before the first segment, or when the media process was restarted, the stream comes a moment later. */
  watch([on.gone, on.failed], ([gone, failed]) => {
    clearTimeout(timer);
    const view = room.view.value;
    if ((gone === null && !failed) || !view || !plays(view)) return;
    timer = setTimeout(() => void on.open({ replay: false, from_ms: null }), REOPEN_MS);
  });

  watch(
    () => room.view.value?.state === "ended" && room.view.value.recording === "withheld",
    (cut) => {
      if (!cut) return;
      on.close();
      finish();
    },
  );

  watch([now, on.picture], ([at, picture]) => {
    if (room.view.value?.state !== "ended" || !opened.value) return;
    if (picture?.playing) stoodAt.value = null;
    else stoodAt.value ??= at;
    const left_s = picture?.position_ms == null ? null : picture.end - picture.time;
    const stood = stoodAt.value !== null && at - stoodAt.value >= patience_ms(left_s);
    if (picture?.ended || on.gone.value !== null || stood) finish();
  });

  function finish(): void {
    if (finished.value) return;
    finished.value = true;
    attending.visit.value.end();
  }

  const report = setInterval(() => {
    const { state } = attending.visit.value;
    const picture = on.picture.value;
    if (state.at === "opening" || !picture) return;
    const latency_ms = picture.latency_s === null ? null : Math.round(picture.latency_s * 1000);
    const stalls = on.player.value?.stalls.sinceReport() ?? 0;
    const level = on.quality.value.index;
    channel.send("player.report", { stay: state.stay, stalls, latency_ms, level }).catch(() => undefined);
  }, REPORT_MS);

  onScopeDispose(() => {
    clearTimeout(timer);
    clearInterval(report);
  });

  const chipShown = computed<Chip>(() => {
    const picture = on.picture.value;
    const visit = attending.visit.value;
    return chip({
      air: air(opened.value, finished.value, shown.value?.show, picture),
      countable: "yes",
      elsewhere: elsewhere(visit.state),
      resting: visit.resting,
      lost_ms: attending.lost_ms.value,
      check_ms: attending.check_ms.value,
      playing: picture?.playing ?? false,
      stalled: picture?.stalled ?? true,
      visible: attending.visible.value,
      seen: false,
      counted_ms: attending.counted_ms.value,
    });
  });

  return {
    now,
    room,
    chat,
    announcer,
    attending,
    own,
    closed,
    credited,
    on,
    scene: shown,
    opened,
    finished,
    staying,
    chip: chipShown,
  };
}

export type Learning = ReturnType<typeof useLearning>;

function air(
  opened: boolean,
  finished: boolean,
  show: Scene["show"] | undefined,
  picture: Picture | null,
): AirState {
  if (finished || (show === "ended" && !opened)) return "ended";
  if (!opened) return "off_air";
  const away = show === "break" || show === "interrupted";
  return away && !picture?.playing ? "paused" : "on_air";
}
