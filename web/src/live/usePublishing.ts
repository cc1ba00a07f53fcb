/** What one studio page sends: its sources, the line to media, and what happens when somebody else sends. */
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { spokenDevice } from "@/attendance/stay";
import { Refusal } from "@/net/refusal";
import { http } from "@/net/session";
import { uuid } from "@/net/uuid";
import { t } from "@/words";
import type { Leave } from "./grant";
import { Publisher, type PublishState } from "./publish";
import type { Uplink } from "./uplink";
import { useSources } from "./useSources";

const CONNECT_MS = 15_000;
/** By the server before leave is given, by media when somebody was faster. */
const [ELSEWHERE, OCCUPIED] = ["class.publisher_elsewhere", "media.occupied"];

/** `title` stands on the card that is sent while the camera is off. */
export function usePublishing(id: string, title: () => string) {
  const state = shallowRef<PublishState>({ at: "off" });
  const uplink = shallowRef<Uplink | null>(null);
  /** Another studio or encoder sends already; its device and since when, as far as the server tells. */
  const elsewhere = shallowRef<Record<string, unknown> | null>(null);
  const rehearsing = ref(false);
  const sending = computed(() => state.value.at === "sending");
  /** Nothing is sent from here, and nothing tries to. */
  const idle = computed(() => state.value.at === "off" || state.value.at === "refused");
  /** By which the server knows this page again when its line comes back. */
  const page = uuid();
  const device = spokenDevice(navigator.userAgent, {
    phone: t("attendance.device.phone"),
    computer: t("attendance.device.computer"),
  });
  let takeOver = false;

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

  function became(now: PublishState): void {
    state.value = now;
    if (now.at !== "sending") uplink.value = null;
    if (now.at === "refused" && now.code === OCCUPIED) elsewhere.value ??= {};
  }

  const publisher = new Publisher(
    leave,
    {
      state: became,
      uplink: (measured) => {
        uplink.value = measured;
      },
    },
    { fetch: (input, init) => fetch(input, init), createPeer: () => new RTCPeerConnection() },
  );
  const sources = useSources(
    () => ({ title: title(), line: t("live.studio.card_line") }),
    (stream) => void publisher.replace(stream),
  );

  /** Opens what is needed to be seen and heard and sends it; whether pictures arrived. */
  async function connect(rehearsal = false): Promise<boolean> {
    if (sending.value && rehearsing.value === rehearsal) return true;
    rehearsing.value = rehearsal;
    const stream = await sources.ready();
    if (!stream) return false;
    await publisher.start(stream);
    const ok = await arrived();
    if (!ok) rehearsing.value = false;
    return ok;
  }

  async function arrived(): Promise<boolean> {
    let stop = (): void => undefined;
    const settled = new Promise<boolean>((resolve) => {
      const look = ({ at }: PublishState): void => {
        if (at === "sending" || at === "refused") resolve(at === "sending");
      };
      stop = watch(state, look);
      look(state.value);
      setTimeout(() => resolve(false), CONNECT_MS);
    });
    return settled.finally(() => stop());
  }

  async function disconnect(): Promise<void> {
    rehearsing.value = false;
    await publisher.stop();
  }

  async function takeOverHere(): Promise<boolean> {
    elsewhere.value = null;
    takeOver = true;
    return connect();
  }

  /** The class is over: nothing is sent, camera and microphone go off. */
  async function close(): Promise<void> {
    await disconnect();
    sources.close();
  }

  const gone = (): void => void publisher.stop();
  window.addEventListener("pagehide", gone);
  onScopeDispose(() => {
    window.removeEventListener("pagehide", gone);
    gone();
  });

  return {
    state,
    uplink,
    elsewhere,
    rehearsing,
    sending,
    idle,
    sources,
    connect,
    disconnect,
    takeOverHere,
    close,
    retry: () => publisher.retryNow(),
  };
}
