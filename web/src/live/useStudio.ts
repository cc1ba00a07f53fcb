/** The studio of one class: what learners get, who is there, what can be done now. */
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import type { Refusal } from "@/net/refusal";
import { useNow } from "@/net/server-clock";
import { http } from "@/net/session";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { asRefusal } from "@/ui/useTask";
import { Announcer } from "./announcer";
import { airTime, buttons, keepsPage, type StudioAction, studioLine } from "./studio";
import { useChat } from "./useChat";
import { usePublishing } from "./usePublishing";
import { useRoom } from "./useRoom";

export function useStudio(id: string) {
  const { channel } = useChannel();
  const now = useNow();
  const announcer = new Announcer("all");
  const room = useRoom(id, (posts) => chat.reset(posts), true);
  const chat = useChat({ id, view: () => room.view.value, mutedUntil: () => null, now, announcer });
  const publishing = usePublishing(id, () => room.view.value?.title ?? "");
  const diskFull = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  const busy = ref<StudioAction | null>(null);

  /** Somebody sends, this page or another studio or an encoder. */
  const fed = computed(
    () => publishing.sending.value || (publishing.idle.value && room.source.value !== null),
  );
  const line = computed(() => (room.view.value ? studioLine(room.view.value, fed.value) : "off"));
  const offered = computed(() => (room.view.value ? buttons(room.view.value) : []));
  const air_ms = computed(() =>
    room.view.value ? airTime(room.view.value, room.takenAt.value, now.value) : 0,
  );
  const holdsPage = computed(() =>
    Boolean(room.view.value && keepsPage(room.view.value, publishing.sending.value)),
  );
  const connectable = computed(
    () => publishing.idle.value && (room.view.value?.may.includes("publish") ?? false),
  );

  /** Pictures first, where the act needs them and nobody sends any. */
  async function ready(action: StudioAction): Promise<boolean> {
    if (action !== "start" && action !== "resume") return true;
    if (publishing.rehearsing.value) await publishing.disconnect();
    return fed.value || publishing.connect();
  }

  async function rehearse(): Promise<boolean> {
    if (publishing.rehearsing.value) {
      await publishing.disconnect();
      return true;
    }
    if (publishing.sending.value) await publishing.disconnect();
    await http.post(`/classes/${id}/rehearse`);
    return publishing.connect(true);
  }

  async function perform(action: StudioAction, body?: object): Promise<boolean> {
    if (action === "rehearse") return rehearse();
    if (!(await ready(action))) return false;
    room.take(await http.post<ClassView>(`/classes/${id}/${action}`, body));
    return true;
  }

  /** Does what a button says; whether it was done. */
  async function act(action: StudioAction, body?: object): Promise<boolean> {
    busy.value = action;
    refusal.value = null;
    try {
      return await perform(action, body);
    } catch (error) {
      refusal.value = asRefusal(error);
      return false;
    } finally {
      busy.value = null;
    }
  }

  /** Changes how learners may speak. */
  async function speak(change: object): Promise<void> {
    refusal.value = null;
    try {
      room.take(await http.patch<ClassView>(`/classes/${id}/speaking`, change));
    } catch (error) {
      refusal.value = asRefusal(error);
    }
  }

  /** Ended here, by an assistant, or by the duty holder: the camera goes off. */
  watch(
    () => room.view.value?.state === "ended",
    (ended) => ended && void publishing.close(),
  );
  onScopeDispose(
    channel.on("disk.full", () => {
      diskFull.value = true;
    }),
  );

  return {
    room,
    chat,
    announcer,
    publishing,
    diskFull,
    refusal,
    busy,
    line,
    offered,
    air_ms,
    holdsPage,
    connectable,
    act,
    speak,
  };
}

export type Studio = ReturnType<typeof useStudio>;
