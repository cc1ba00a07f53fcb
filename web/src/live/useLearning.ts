/** A learner in a live class: room, player, attendance and chat tied together for the page. */
import { computed, type ShallowRef } from "vue";
import { type AirState, type Chip, chip } from "@/attendance/chip";
import { elsewhere } from "@/attendance/stay";
import { useAttending } from "@/attendance/useAttending";
import { useOwn } from "@/attendance/useOwn";
import { useNow } from "@/net/server-clock";
import { Announcer } from "./announcer";
import type { Picture } from "./player";
import { type Scene, scene } from "./room";
import { useChat } from "./useChat";
import { useEnding } from "./useEnding";
import { usePlayer } from "./usePlayer";
import { useRoom } from "./useRoom";
import { useShowing } from "./useShowing";

export function useLearning(id: string, video: Readonly<ShallowRef<HTMLVideoElement | null>>) {
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
  const opened = useShowing(() => room.view.value, on, attending);
  const { finished, goOn } = useEnding({
    view: () => room.view.value,
    on,
    opened,
    now,
    finish: () => attending.visit.value.end(),
  });

  /** Watches on behind the end; what is seen from here on counts as well. */
  function stay(): void {
    goOn();
    attending.visit.value.again().catch(() => undefined);
  }

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
    stay,
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
