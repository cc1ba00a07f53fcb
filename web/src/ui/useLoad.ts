/** Fetches what a page shows, and keeps what it had while it fetches again. */
import { type Ref, ref, shallowRef, type WatchSource, watch } from "vue";
import { comeAgain, Refusal } from "@/net/refusal";

export interface Loaded<T> {
  data: Ref<T | null>;
  busy: Ref<boolean>;
  failed: Ref<boolean>;
  refusal: Ref<Refusal | null>;
  reload: () => Promise<void>;
}

/**
 * `fetching` runs at once and whenever one of `sources` changes; an answer that was overtaken is thrown away.
 * Where none comes, or the server can't just now, what was shown stays, as long as it answers the same question.
 */
export function useLoad<T>(fetching: () => Promise<T>, sources: WatchSource[] = []): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const busy = ref(false);
  const failed = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  let latest = 0;
  /** What is shown answers another question than the one that is asked now. */
  let outdated = false;

  async function reload(): Promise<void> {
    const mine = ++latest;
    busy.value = true;
    try {
      const found = await fetching();
      if (mine !== latest) return;
      outdated = false;
      settle(found, null, false);
    } catch (error) {
      const refused = error instanceof Refusal ? error : null;
      const keeps = !outdated && (!refused || comeAgain(refused));
      if (mine === latest) settle(keeps ? data.value : null, refused, true);
    }
  }

  function settle(found: T | null, refused: Refusal | null, wrong: boolean): void {
    data.value = found;
    refusal.value = refused;
    failed.value = wrong;
    busy.value = false;
  }

  function anew(): void {
    outdated = true;
    void reload();
  }

  if (sources.length) watch(sources, anew);
  void reload();
  return { data, busy, failed, refusal, reload };
}
