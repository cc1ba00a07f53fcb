/** The live picture of a class: opened when there is one, opened again when it went away, its running reported. */
import { nextTick, onScopeDispose, ref, watch } from "vue";
import type { AttendingOnPage } from "@/attendance/useAttending";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { plays } from "./room";
import type { PlayerOnPage } from "./usePlayer";

const REOPEN_MS = 2_000;
const REPORT_MS = 30_000;
const LIVE = { replay: false, from_ms: null };

/** Whether the picture was opened in this visit; it then stays on screen until its end has been seen. */
export function useShowing(view: () => ClassView | null, on: PlayerOnPage, attending: AttendingOnPage) {
  const { channel } = useChannel();
  const opened = ref(false);
  const playable = (): boolean => {
    const now = view();
    return now !== null && plays(now);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function show(): Promise<void> {
    opened.value = true;
    await nextTick();
    attending.open();
    await on.open(LIVE);
  }

  watch(playable, (now) => {
    if (now && !opened.value) void show();
  });

  /** Before the first segment, or when the media process was restarted, the stream comes a moment later. */
  watch([on.gone, on.failed], ([gone, failed]) => {
    clearTimeout(timer);
    if ((gone === null && !failed) || !playable()) return;
    timer = setTimeout(() => void on.open(LIVE), REOPEN_MS);
  });

  watch(
    () => view()?.state,
    () => on.player.value?.stalls.forgive(),
  );

  function report(): void {
    const { state } = attending.visit.value;
    const picture = on.picture.value;
    if (state.at === "opening" || !picture) return;
    const latency_ms = picture.latency_s === null ? null : Math.round(picture.latency_s * 1000);
    const stalls = on.player.value?.stalls.sinceReport() ?? 0;
    const level = on.quality.value.index;
    channel.send("player.report", { stay: state.stay, stalls, latency_ms, level }).catch(() => undefined);
  }
  const reports = setInterval(report, REPORT_MS);

  onScopeDispose(() => {
    clearTimeout(timer);
    clearInterval(reports);
  });
  return opened;
}
