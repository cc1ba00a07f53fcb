/** When a class that has ended has also been seen to its end, so that the visit can be closed and assessed. */
import { type Ref, ref, watch } from "vue";
import type { ClassView } from "@/net/types";
import { patience_ms } from "./room";
import type { PlayerOnPage } from "./usePlayer";

export interface EndingParts {
  readonly view: () => ClassView | null;
  readonly on: PlayerOnPage;
  readonly opened: Ref<boolean>;
  readonly now: Ref<number>;
  /** Called once. */
  readonly finish: () => void;
}

export function useEnding({ view, on, opened, now, finish }: EndingParts) {
  const finished = ref(false);
  let stoodAt: number | null = null;
  /** After the choice to watch on, the end is only looked for once the picture has moved again. */
  let armed = true;

  function end(): void {
    if (finished.value) return;
    finished.value = true;
    finish();
  }

  /** A cut takes the picture from every screen at once. */
  watch(
    () => view()?.state === "ended" && view()?.recording === "withheld",
    (cut) => {
      if (!cut) return;
      on.close();
      end();
    },
  );

  watch([now, on.picture], ([at, picture]) => {
    if (view()?.state !== "ended" || !opened.value) return;
    if (picture?.playing) [stoodAt, armed] = [null, true];
    else stoodAt ??= at;
    const left_s = picture?.position_ms == null ? null : picture.end - picture.time;
    const stood = stoodAt !== null && at - stoodAt >= patience_ms(left_s);
    if (armed && (picture?.ended || on.gone.value !== null || stood)) end();
  });

  function goOn(): void {
    [finished.value, stoodAt, armed] = [false, null, false];
  }

  return { finished, goOn };
}
