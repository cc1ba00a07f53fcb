/** The desk's dealings with the server: the queue, the claim on what is open, decisions and their way back. */
import { computed, onBeforeUnmount, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";
import { Refusal } from "@/net/refusal";
import { http } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { dismiss, say } from "@/ui/toasts";
import { useLoad } from "@/ui/useLoad";
import { useQueryValue } from "@/ui/useQuery";
import { asRefusal, useTask } from "@/ui/useTask";
import { t } from "@/words";
import { actionsFor, neighbour, successor } from "./desk";
import { chosenOf } from "./kept-choices";
import type { Action, Choices, Decision, ItemDetail, Queue } from "./types";

export type Given = Omit<Decision, "version">;

export function useDesk() {
  const route = useRoute();
  const router = useRouter();
  const { channel } = useChannel();
  const state = useQueryValue("state", "held");
  const page = useQueryValue("page", "1");
  const chosen = computed(() => JSON.stringify(chosenOf(route.query)));
  const id = computed(() => (route.params.id as string | undefined) ?? null);
  const queue = useLoad(
    () => http.get<Queue>("/desk/items", { state: state.value, page: page.value, ...chosenOf(route.query) }),
    [state, page, chosen],
  );
  const choices = useLoad(() => http.get<Choices>("/desk/choices", { state: state.value }), [state]);

  /** What was decided long ago hardly changes what there is to choose from, and is counted long. */
  const refresh = () => Promise.all([queue.reload(), state.value === "decided" ? null : choices.reload()]);
  const items = computed(() => queue.data.value?.items ?? []);
  const item = shallowRef<ItemDetail | null>(null);
  const undoable = shallowRef<(() => void) | null>(null);
  const open = (next: string | null) =>
    router.push({ path: next ? `/desk/items/${next}` : "/desk", query: route.query });

  const notOpened = shallowRef<Refusal | null>(null);

  /** Shows and takes an item; who has gone on by a quick key meanwhile leaves it to others. */
  async function show(which: string): Promise<void> {
    const here = () => id.value === which;
    notOpened.value = null;
    try {
      const found = await http.get<ItemDetail>(`/desk/items/${which}`);
      if (!here()) return;
      item.value = found;
      if (!actionsFor(found)) return;
      const claimed = await claim(which);
      if (here()) item.value = { ...found, claimed };
      else giveUp(which);
    } catch (error) {
      if (here()) notOpened.value = asRefusal(error);
    }
  }

  /** `accepted` is called as soon as the server has the decision, before the next item is opened. */
  async function decide(given: Given, accepted = () => {}): Promise<void> {
    const done = item.value;
    if (!done) return;
    const next = successor(items.value, done.id);
    const decision = await decided(done, given);
    accepted();
    item.value = { ...done, claimed: null };
    announce(given.decision, decision, done.id);
    await refresh();
    item.value = null;
    await open(next?.id ?? null);
  }

  /** The id of the decision; an item that has changed meanwhile is shown as it is now. */
  async function decided({ id: about, version }: ItemDetail, given: Given): Promise<string> {
    try {
      const answer = await http.post<{ decision: { id: string } }>(`/desk/items/${about}/decision`, {
        version,
        ...given,
      });
      return answer.decision.id;
    } catch (error) {
      if (error instanceof Refusal && error.code === "post.changed") await show(about);
      throw error;
    }
  }

  const deciding = useTask(decide, id);

  function announce(action: Action, decision: string, about: string): void {
    const undo = (): void => {
      dismiss(told);
      void undoing.run(decision, about);
    };
    const told = say(t(`desk.done.${action}`), { undo });
    undoable.value = undo;
  }

  const undoing = useTask(async (decision: string, about: string) => {
    undoable.value = null;
    await http.post(`/desk/decisions/${decision}/undo`);
    say(t("desk.undone"));
    await refresh();
    await open(about);
  }, id);

  const handing = useTask(async () => {
    const left = item.value;
    if (!left) return;
    const next = successor(items.value, left.id);
    await http.post(`/desk/items/${left.id}/release`);
    say(t("desk.handed_on"));
    item.value = null;
    await open(next?.id ?? null);
  }, id);

  watch(
    id,
    (now, before) => {
      if (before && item.value?.claimed?.mine && before !== now) giveUp(before);
      item.value = null;
      if (now) void show(now);
    },
    { immediate: true },
  );

  const leave = channel.join("desk");
  const stop = channel.on("desk.changed", () => void refresh());
  const stopGone = channel.onGone(() => void refresh());
  onBeforeUnmount(() => {
    for (const end of [leave, stop, stopGone]) end();
  });

  return {
    state,
    id,
    narrowed: computed(() => chosen.value !== "{}"),
    queue,
    choices,
    items,
    item,
    notOpened,
    decide,
    deciding,
    undoing,
    handing,
    undoable,
    open,
    move: (step: 1 | -1) => {
      const next = neighbour(items.value, id.value, step);
      if (next) void open(next.id);
    },
  };
}

function giveUp(id: string): void {
  http.post(`/desk/items/${id}/release`).catch(() => {});
}

async function claim(id: string): Promise<ItemDetail["claimed"]> {
  const { claimed } = await http.post<ItemDetail>(`/desk/items/${id}/claim`);
  return claimed;
}
