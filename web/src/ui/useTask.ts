/** Something the person asks for: busy while it runs, the refusal kept for the screen. */
import { ref, shallowRef, type WatchSource, watch } from "vue";
import { LineLost, Refusal } from "@/net/refusal";

/** What was refused is forgotten when `until` changes: the dialog is opened anew, another item is shown. */
export function useTask<A extends unknown[], T>(act: (...given: A) => Promise<T>, until?: WatchSource) {
  const busy = ref(false);
  const refusal = shallowRef<Refusal | null>(null);

  if (until) watch(until, () => (refusal.value = null));

  /** The result, or undefined when it was refused (then `refusal` says why). */
  async function run(...given: A): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    refusal.value = null;
    try {
      return await act(...given);
    } catch (error) {
      refusal.value = asRefusal(error);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refusal, run };
}

/** A lost line is told in the same place as a refusal; anything else is a bug and is not hidden. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof LineLost) return new Refusal({ code: "line.lost" });
  throw error;
}
