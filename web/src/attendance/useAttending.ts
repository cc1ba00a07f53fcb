/** Attending on a page: the page's visibility, the socket and the clock around `Attending`. */
import { computed, onScopeDispose, ref, shallowRef, triggerRef } from "vue";
import { idle } from "@/net/idle";
import { comeAgain } from "@/net/refusal";
import { useChannel } from "@/net/useChannel";
import { t } from "@/words";
import { Attending } from "./attending";
import { spokenDevice } from "./stay";

/** The player at this moment, as far as beats need it. */
export interface Playing {
  readonly position_ms: number | null;
  readonly rate: number;
  readonly playing: boolean;
}

/** How soon a visit that the server could not open is tried again. */
const AGAIN_MS = 2_000;

const IDLE: Playing = { position_ms: null, rate: 1, playing: false };

export function useAttending(classId: string) {
  const { channel, line } = useChannel();
  const now = ref(performance.now());
  const visible = ref(isVisible());
  const opened = ref(false);
  let playing = IDLE;
  let again: ReturnType<typeof setTimeout> | undefined;

  const words = { phone: t("attendance.device.phone"), computer: t("attendance.device.computer") };
  const visit = shallowRef(
    new Attending({ kind: "class", id: classId }, spokenDevice(navigator.userAgent, words), {
      send: async (type, data, options) => {
        const answer = await channel.send(type, data, options);
        if (type === "beat.send" && playing.playing) idle.used();
        return answer as never;
      },
      on: (type, handler) => channel.on(type, handler),
      onReady: (handler) => channel.onLine(({ state }) => state === "ready" && handler()),
      isLost: comeAgain,
      now: () => performance.now(),
      changed: () => triggerRef(visit),
    }),
  );

  function follow(): void {
    visible.value = isVisible();
    visit.value.follow({ ...playing, visible: visible.value });
  }

  function draw(given: Playing): void {
    playing = given;
    follow();
    now.value = performance.now();
  }

  /** Once the class can be attended; later calls change nothing. */
  function open(): void {
    if (opened.value) return;
    opened.value = true;
    visit.value.open().catch((reason) => {
      opened.value = false;
      if (comeAgain(reason)) again = setTimeout(open, AGAIN_MS);
    });
  }

  const lost_ms = computed(() => {
    const { state, since, attempt } = line.value;
    const lost = state === "lost" || (state === "opening" && attempt > 1);
    return lost ? now.value - since : null;
  });
  const counted_ms = computed(() => {
    void now.value;
    return visit.value.counted();
  });
  const check_ms = computed(() => visit.value.check?.remaining_ms(now.value) ?? null);

  const events = ["enterpictureinpicture", "leavepictureinpicture"];
  document.addEventListener("visibilitychange", follow);
  for (const name of events) document.addEventListener(name, follow, true);
  window.addEventListener("pagehide", leave);

  /** The page goes away: what is left is told while there is time. */
  function leave(): void {
    visit.value.end();
  }

  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", follow);
    for (const name of events) document.removeEventListener(name, follow, true);
    window.removeEventListener("pagehide", leave);
    clearTimeout(again);
    visit.value.destroy();
  });

  return { visit, now, visible, opened, lost_ms, counted_ms, check_ms, open, draw };
}

export type AttendingOnPage = ReturnType<typeof useAttending>;

/** A picture in picture is looked at although its page is not. */
function isVisible(): boolean {
  return document.visibilityState === "visible" || Boolean(document.pictureInPictureElement);
}
