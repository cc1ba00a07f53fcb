/** Keys, full screen and picture in picture of a page with a player. */
import { onScopeDispose, ref, type ShallowRef } from "vue";
import { shortcutsOn } from "@/ui/preferences";
import { type Command, command } from "./keys";
import type { PlayerOnPage } from "./usePlayer";

const STEPS: Partial<Record<Command, number>> = { back10: -10, on10: 10, back5: -5, on5: 5 };

/** `more` does what is the page's own (chat, panel, list of keys, gaps). */
export function useStageKeys(
  video: Readonly<ShallowRef<HTMLVideoElement | null>>,
  on: PlayerOnPage,
  more: Partial<Record<Command, () => void>>,
) {
  const full = ref(false);

  /** The whole page, not the video alone: a presence check must be seen over it. */
  async function toggleFull(): Promise<void> {
    const page = document.documentElement;
    if (full.value) {
      full.value = false;
      if (document.fullscreenElement) await document.exitFullscreen();
      return;
    }
    full.value = true;
    await page.requestFullscreen?.().catch(() => undefined);
  }

  function left(): void {
    if (!document.fullscreenElement) full.value = false;
  }

  async function togglePip(): Promise<void> {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video.value?.requestPictureInPicture().catch(() => undefined);
  }

  function run(what: Command): void {
    const player = on.player.value;
    const picture = on.picture.value;
    const step = STEPS[what];
    if (more[what]) more[what]?.();
    else if (!player || !picture) return;
    else if (step !== undefined) player.seek(picture.time + step);
    else if (what === "toggle") picture.playing ? player.pause() : void player.play();
    else if (what === "mute") player.mute(!picture.muted);
    else if (what === "live") player.toLive();
    else if (what === "fullscreen") void toggleFull();
  }

  function pressed(event: KeyboardEvent): void {
    const what = command(event, shortcutsOn());
    if (what === null) return;
    event.preventDefault();
    run(what);
  }

  window.addEventListener("keydown", pressed);
  document.addEventListener("fullscreenchange", left);
  onScopeDispose(() => {
    window.removeEventListener("keydown", pressed);
    document.removeEventListener("fullscreenchange", left);
    if (document.fullscreenElement) void document.exitFullscreen();
  });
  return { full, toggleFull, togglePip };
}
