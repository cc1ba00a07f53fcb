/** The studio of one class: what is sent, what learners get, who is there, what can be done now. */
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { deviceName } from "@/attendance/stay";
import { Refusal } from "@/net/refusal";
import { useNow } from "@/net/server-clock";
import { http } from "@/net/session";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { asRefusal } from "@/ui/useTask";
import { t } from "@/words";
import { Announcer } from "./announcer";
import type { Leave } from "./grant";
import { Publisher, type PublishState } from "./publish";
import { airTime, buttons, keepsPage, type StudioAction, studioLine } from "./studio";
import type { Uplink } from "./uplink";
import { useChat } from "./useChat";
import { useRoom } from "./useRoom";
import { useSources } from "./useSources";
import { uuid } from "./uuid";

const CONNECT_MS = 15_000;
/** By the server before leave is given, by media when somebody was faster. */
const [ELSEWHERE, OCCUPIED] = ["class.publisher_elsewhere", "media.occupied"];

export function useStudio(id: string) {
  const { channel } = useChannel();
  const now = useNow();
  const announcer = new Announcer("all");
  const room = useRoom(id, (posts) => chat.reset(posts), true);
  const chat = useChat({
    id,
    view: () => room.view.value,
    mutedUntil: () => null,
    now,
    heard: ({ author, text }) =>
      announcer.offer(
        { text: t("live.chat.spoken", { name: author.name, text }), staff: author.role !== "learner" },
        performance.now(),
      ),
  });

  const publishing = shallowRef<PublishState>({ at: "off" });
  const uplink = shallowRef<Uplink | null>(null);
  /** Another studio or encoder sends already; its device and since when, as far as the server tells. */
  const elsewhere = shallowRef<Record<string, unknown> | null>(null);
  const rehearsing = ref(false);
  const diskFull = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  const busy = ref<StudioAction | null>(null);
  let takeOver = false;
  /** By which the server knows this page again when its line comes back. */
  const page = uuid();
  const device = deviceName(navigator.userAgent, {
    phone: t("attendance.device.phone"),
    computer: t("attendance.device.computer"),
  });

  async function leave(): Promise<Leave> {
    const rehearsal = rehearsing.value;
    const body = { source: "browser", rehearsal, take_over: takeOver, studio: page, device };
    takeOver = false;
    try {
      return await http.post<Leave>(`/classes/${id}/publishing`, body);
    } catch (error) {
      if (error instanceof Refusal && error.code === ELSEWHERE) elsewhere.value = error.data;
      throw error;
    }
  }

  const publisher = new Publisher(
    leave,
    {
      state: (state) => {
        publishing.value = state;
        if (state.at !== "sending") uplink.value = null;
        if (state.at === "refused" && state.code === OCCUPIED) elsewhere.value ??= {};
      },
      uplink: (measured) => {
        uplink.value = measured;
      },
    },
    { fetch: (input, init) => fetch(input, init), createPeer: () => new RTCPeerConnection() },
  );
  const sources = useSources(
    () => ({ title: room.view.value?.title ?? "", line: t("live.studio.card_line") }),
    (stream) => void publisher.replace(stream),
  );

  const sending = computed(() => publishing.value.at === "sending");
  /** Pictures come from an encoder or a prepared video, not from this page. */
  const outside = computed(() => (room.source.value === "browser" ? null : room.source.value));
  const line = computed(() =>
    room.view.value ? studioLine(room.view.value, sending.value || outside.value !== null) : "off",
  );
  const offered = computed(() => (room.view.value ? buttons(room.view.value) : []));
  const air_ms = computed(() => (room.view.value ? airTime(room.view.value, now.value) : 0));
  const holdsPage = computed(() => Boolean(room.view.value && keepsPage(room.view.value, sending.value)));

  async function connect(): Promise<boolean> {
    refusal.value = null;
    if (sending.value) return true;
    const stream = await sources.ready();
    if (!stream) return false;
    await publisher.start(stream);
    return connected();
  }

  /** Once pictures arrive, or it is clear that they will not. */
  async function connected(): Promise<boolean> {
    let stop = (): void => undefined;
    const settled = new Promise<boolean>((resolve) => {
      const look = ({ at }: PublishState): void => {
        if (at === "sending" || at === "refused") resolve(at === "sending");
      };
      stop = watch(publishing, look);
      look(publishing.value);
      setTimeout(() => resolve(false), CONNECT_MS);
    });
    return settled.finally(() => stop());
  }

  async function disconnect(): Promise<void> {
    rehearsing.value = false;
    await publisher.stop();
  }

  async function takeOverHere(): Promise<void> {
    elsewhere.value = null;
    takeOver = true;
    await connect();
  }

  /** Does what a button says; pictures are connected first where the act needs them. */
  async function act(action: StudioAction, body?: object): Promise<boolean> {
    busy.value = action;
    refusal.value = null;
    try {
      if (action === "rehearse") return await rehearse();
      if (action === "start" || action === "resume") {
        if (rehearsing.value) await disconnect();
        if (outside.value === null && !(await connect())) return false;
      }
      room.take(await http.post<ClassView>(`/classes/${id}/${action}`, body));
      if (action === "end" || action === "cut") await disconnect();
      return true;
    } catch (error) {
      refusal.value = asRefusal(error);
      return false;
    } finally {
      busy.value = null;
    }
  }

  async function rehearse(): Promise<boolean> {
    if (rehearsing.value) {
      await disconnect();
      return true;
    }
    await http.post(`/classes/${id}/rehearse`);
    rehearsing.value = true;
    const ok = await connect();
    if (!ok) rehearsing.value = false;
    return ok;
  }

  async function speak(change: object): Promise<void> {
    try {
      room.take({ ...(await http.patch<ClassView>(`/classes/${id}/speaking`, change)) });
      await room.load();
    } catch (error) {
      refusal.value = asRefusal(error);
    }
  }

  const undo = [
    channel.on("disk.full", () => {
      diskFull.value = true;
    }),
  ];
  const gone = (): void => void publisher.stop();
  window.addEventListener("pagehide", gone);
  onScopeDispose(() => {
    window.removeEventListener("pagehide", gone);
    for (const stop of undo) stop();
    gone();
  });

  return {
    now,
    room,
    chat,
    announcer,
    sources,
    publishing,
    uplink,
    elsewhere,
    rehearsing,
    diskFull,
    refusal,
    busy,
    sending,
    outside,
    line,
    offered,
    air_ms,
    holdsPage,
    connect,
    disconnect,
    retry: () => publisher.retryNow(),
    takeOverHere,
    act,
    speak,
  };
}

export type Studio = ReturnType<typeof useStudio>;
