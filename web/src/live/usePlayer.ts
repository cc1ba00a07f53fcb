/** The player on a page: its picture drawn anew on every change and twice a second. */
import { onScopeDispose, ref, type ShallowRef, shallowRef, watch } from "vue";
import { http } from "@/net/session";
import type { ViewingLeave } from "./grant";
import { type Picture, Player } from "./player";

const DRAW_MS = 500;

export interface PlayerParts {
  readonly video: Readonly<ShallowRef<HTMLVideoElement | null>>;
  readonly classId: string;
  readonly seeked: (from_ms: number, to_ms: number) => void;
  readonly drawn: (picture: Picture) => void;
}

/** How a stream is opened: live or recorded, at a date of the media clock or at its edge. */
export interface Wanted {
  readonly replay: boolean;
  readonly rehearsal?: boolean;
  readonly from_ms: number | null;
}

export function usePlayer(parts: PlayerParts) {
  const picture = shallowRef<Picture | null>(null);
  const player = shallowRef<Player | null>(null);
  const quality = shallowRef<ReturnType<Player["quality"]>>({ levels: [], index: -1, automatic: true });
  /** Parts were given up for plain segments. */
  const stable = ref(false);
  /** The stream is no longer given out: the status that told so. */
  const gone = ref<number | null>(null);
  /** Muted because the browser wants a gesture first. */
  const silenced = ref(false);
  const failed = ref(false);

  function draw(): void {
    if (!player.value) return;
    picture.value = player.value.picture();
    quality.value = player.value.quality();
    if (!picture.value.muted) silenced.value = false;
    parts.drawn(picture.value);
  }

  watch(
    parts.video,
    (video) => {
      player.value?.destroy();
      player.value = video
        ? new Player(video, {
            changed: draw,
            seeked: parts.seeked,
            stable: () => {
              stable.value = true;
            },
            gone: (status) => {
              gone.value = status;
            },
          })
        : null;
    },
    { immediate: true, flush: "sync" },
  );

  async function open({ replay, rehearsal = false, from_ms }: Wanted): Promise<void> {
    const opened = player.value;
    if (!opened) return;
    [gone.value, failed.value, stable.value] = [null, false, false];
    const ask = (held: string): Promise<ViewingLeave> =>
      http.post<ViewingLeave>(`/classes/${parts.classId}/viewing`, { replay, rehearsal, held });
    try {
      await opened.open(ask, from_ms);
      if (!(await opened.play())) await playMuted(opened);
    } catch {
      failed.value = true;
    }
    draw();
  }

  async function playMuted(opened: Player): Promise<void> {
    opened.mute(true);
    silenced.value = await opened.play();
  }

  function close(): void {
    player.value?.close();
    picture.value = null;
  }

  const timer = setInterval(draw, DRAW_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    player.value?.destroy();
  });

  return { picture, player, quality, stable, gone, silenced, failed, open, close };
}

export type PlayerOnPage = ReturnType<typeof usePlayer>;
