/** A part of the plan on a form that survives another's change: saved at the version that was read, brought over a newer one. */
import { ref, watch } from "vue";
import { Refusal } from "@/net/refusal";
import { http } from "@/net/session";
import { say } from "@/ui/toasts";
import { useTask } from "@/ui/useTask";
import { t } from "@/words";
import type { Groups } from "./kept";
import type { TopicClass } from "./types";
import { useKeptForm } from "./useKeptForm";

interface Part<F> {
  /** Under which name this browser keeps what is typed. */
  name: string;
  groups: Groups<F>;
  formOf: (view: TopicClass) => F;
  /** What of the form differs from the plan; asked only of one that is right. */
  changes: (form: F, known: TopicClass) => object;
  /** Says at the fields what is wrong, if anything. */
  isRight: (form: F) => boolean;
}

export function usePlanForm<F extends object>(view: () => TopicClass, part: Part<F>, changed: () => void) {
  const at = `/topic-classes/${view().id}`;
  const { begin, settle, follow, chooseMine, ...kept } = useKeptForm(
    `topic.${view().id}.${part.name}`,
    part.formOf(view()),
    part.groups,
  );
  /** The plan as it was read last. */
  const known = ref(view());
  begin(part.formOf(known.value));
  watch(view, (now) => {
    if (now.version >= known.value.version) read(now);
  });

  function read(now: TopicClass): void {
    known.value = now;
    follow(part.formOf(now));
  }

  function accept(saved: TopicClass): void {
    known.value = saved;
    settle(part.formOf(saved));
    changed();
  }

  /** Sends what I changed; where somebody was faster and changed something else, both changes stand. */
  async function save(tries = 2): Promise<void> {
    if (kept.clashes.value.length || !part.isRight(kept.form.value)) return;
    const changes = part.changes(kept.form.value, known.value);
    try {
      const sent = { version: known.value.version, ...changes };
      accept(Object.keys(changes).length ? await http.patch<TopicClass>(`${at}/plan`, sent) : known.value);
      say(t("ui.saved"));
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 412) throw error;
      read(await http.get<TopicClass>(at));
      if (tries === 1 && !kept.clashes.value.length) throw error;
      await save(tries - 1);
    }
  }

  const saving = useTask(save);
  const saveMine = () => {
    chooseMine();
    return saving.run();
  };
  return { ...kept, known, saving, saveMine, discard: () => settle(part.formOf(known.value)) };
}
