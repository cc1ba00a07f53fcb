/** A list that is fetched page by page: the first one by itself, each further one when it is asked for, once. */
import { computed, type Ref, shallowRef, type WatchSource } from "vue";
import type { Refusal } from "@/net/refusal";
import { type Loaded, useLoad } from "./useLoad";
import { useTask } from "./useTask";

export interface Further {
  /** Whether there are more. */
  there: Ref<boolean>;
  busy: Ref<boolean>;
  refusal: Ref<Refusal | null>;
  fetch: () => Promise<void>;
}

export interface Pages<P> {
  load: Loaded<P>;
  /** All that were fetched, the first one first. */
  pages: Ref<readonly P[]>;
  further: Further;
}

/**
 * `fetching` gets the cursor of the page that is wanted, null for the first; `next` reads the one behind a page, null
 * where there is none. The list begins anew whenever one of `sources` changes.
 */
export function usePages<P extends object, C>(
  fetching: (cursor: C | null) => Promise<P>,
  next: (page: P) => C | null,
  sources: WatchSource[] = [],
): Pages<P> {
  const load = useLoad(() => fetching(null), sources);
  const others = shallowRef<{ of: P; pages: readonly P[] } | null>(null);
  const pages = computed(() => {
    const first = load.data.value;
    if (!first) return [];
    return others.value?.of === first ? [first, ...others.value.pages] : [first];
  });
  const cursor = computed(() => {
    const last = pages.value[pages.value.length - 1];
    return last ? next(last) : null;
  });

  const { busy, refusal, run } = useTask(async () => {
    const before = pages.value;
    const [first] = before;
    if (!first || cursor.value === null || load.busy.value) return;
    const page = await fetching(cursor.value);
    others.value = { of: first, pages: [...before.slice(1), page] };
  }, load.data);

  const further = {
    there: computed(() => cursor.value !== null),
    busy: computed(() => busy.value || load.busy.value),
    refusal,
    fetch: async () => void (await run()),
  };
  return { load, pages, further };
}
