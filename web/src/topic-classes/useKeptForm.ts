/** A form that is kept in this browser while it differs from what is saved, and is there again after a reload. */
import { type Ref, ref, watch } from "vue";
import { useDraft } from "@/ui/useDraft";

export function useKeptForm<F extends object>(name: string, form: Ref<F>) {
  const draft = useDraft(name);
  /** Whether the form holds what was typed before and never saved. */
  const restored = ref(false);
  let saved = "";

  /** The form as it is saved; what was typed before comes back over it. */
  function begin(values: F): void {
    saved = JSON.stringify(values);
    const kept = read<F>(draft.value);
    form.value = { ...values, ...kept };
    restored.value = Boolean(kept);
  }

  /** What is typed was saved or is given up: the form is as these values. */
  function settle(values: F): void {
    saved = JSON.stringify(values);
    form.value = { ...values };
    draft.value = "";
    restored.value = false;
  }

  watch(
    form,
    (now) => {
      const text = JSON.stringify(now);
      draft.value = text === saved ? "" : text;
    },
    { deep: true },
  );

  return { restored, begin, settle };
}

function read<F>(text: string): Partial<F> | null {
  try {
    return text ? (JSON.parse(text) as Partial<F>) : null;
  } catch {
    return null;
  }
}
