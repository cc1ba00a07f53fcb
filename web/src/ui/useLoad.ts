/** Fetches what a page shows, and keeps what it had while it fetches again. */
import { type Ref, ref, shallowRef, type WatchSource, watch } from "vue";
import { Refusal } from "@/net/refusal";

export interface Loaded<T> {
  data: Ref<T | null>;
  busy: Ref<boolean>;
  failed: Ref<boolean>;
  refusal: Ref<Refusal | null>;
  reload: () => Promise<void>;
}

/** `fetching` runs at once and whenever one of `sources` changes; an answer that was overtaken is thrown away. */
export function useLoad<T>(fetching: () => Promise<T>, sources: WatchSource[] = []): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const busy = ref(false);
  const failed = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  let latest = 0;

  async function reload(): Promise<void> {
    const mine = ++latest;
    busy.value = true;
    try {
      const found = await fetching();
      if (mine === latest) settle(found, null, false);
    } catch (error) {
      if (mine === latest) settle(data.value, error instanceof Refusal ? error : null, true);
    }
  }

  function settle(found: T | null, refused: Refusal | null, wrong: boolean): void {
    data.value = refused ? null : found;
    refusal.value = refused;
    failed.value = wrong;
    busy.value = false;
  }

  if (sources.length) watch(sources, reload);
  void reload();
  return { data, busy, failed, refusal, reload };
}
