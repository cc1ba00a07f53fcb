/** A form of which this browser keeps what differs from what is saved; after a reload it comes over what is saved then. */
import { computed, type Ref, ref, shallowRef, watch } from "vue";
import { useDraft } from "@/ui/useDraft";
import {
  begun,
  clashes,
  type Groups,
  type Kept,
  mine,
  over,
  restored,
  type Typed,
  theirs,
  typed,
} from "./kept";

export function useKeptForm<F extends object>(name: string, blank: F, groups: Groups<F>) {
  const draft = useDraft(name);
  const form = ref(blank) as Ref<F>;
  const stands = shallowRef({ base: blank, newest: blank });
  /** Whether the form holds what was typed before and never saved. */
  const wasRestored = ref(false);
  const kept = (): Kept<F> => ({ form: form.value, ...stands.value });

  function take({ form: values, base, newest }: Kept<F>): void {
    form.value = values;
    stands.value = { base, newest };
  }

  /** The form as it is saved; what was typed before comes back over it. */
  function begin(newest: F): void {
    const before = read<F>(draft.value);
    take(before ? restored(before, newest, groups) : begun(newest));
    wasRestored.value = typed(kept(), groups) !== null;
  }

  /** What is typed was saved or is given up: the form is as these values. */
  function settle(newest: F): void {
    take(begun(newest));
    wasRestored.value = false;
  }

  watch(
    [form, stands],
    () => {
      const own = typed(kept(), groups);
      draft.value = own ? JSON.stringify(own) : "";
    },
    { deep: true },
  );

  return {
    form,
    restored: wasRestored,
    /** What another changed meanwhile, and I did, too. */
    clashes: computed(() => clashes(kept(), groups)),
    newest: computed(() => stands.value.newest),
    begin,
    settle,
    follow: (newest: F) => take(over(kept(), newest, groups)),
    chooseMine: () => take(mine(kept())),
    chooseTheirs: () => take(theirs(kept(), groups)),
  };
}

function read<F>(text: string): Typed<F> | null {
  try {
    const found = JSON.parse(text || "null");
    return found?.mine && found.was ? found : null;
  } catch {
    return null;
  }
}
