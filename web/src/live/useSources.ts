/** Camera, microphone and screen of a studio: what is open, what went wrong, the stream that is sent. */
import { onScopeDispose, ref, shallowRef } from "vue";
import { Meter } from "./meter";
import {
  type Choice,
  type DeviceFault,
  devices,
  devicesAllowed,
  faultOf,
  joined,
  openCamera,
  openCard,
  openMicrophone,
  openScreen,
  openSilence,
  type PictureSource,
  stop,
} from "./sources";

const METER_MS = 100;
const KEPT = "studio_devices";

function keptChoice(): Choice {
  try {
    return { camera: null, microphone: null, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return { camera: null, microphone: null };
  }
}

/** `card` gives the words of the still picture; `changed` is called with every new stream. */
export function useSources(
  card: () => { title: string; line: string },
  changed: (stream: MediaStream) => void,
) {
  const source = ref<PictureSource | null>(null);
  const microphone = ref<"off" | "on" | "muted">("off");
  const stream = shallowRef<MediaStream | null>(null);
  const fault = ref<{ device: "camera" | "microphone" | "screen"; what: DeviceFault } | null>(null);
  const cameras = shallowRef<MediaDeviceInfo[]>([]);
  const microphones = shallowRef<MediaDeviceInfo[]>([]);
  const choice = ref(keptChoice());
  const level = ref(0);
  let picture: MediaStream | null = null;
  let sound: MediaStream | null = null;
  let meter: Meter | null = null;

  function publish(): void {
    if (!picture) return;
    sound ??= openSilence();
    stream.value = joined(picture, sound);
    changed(stream.value);
  }

  async function list(): Promise<void> {
    [cameras.value, microphones.value] = await Promise.all([devices("videoinput"), devices("audioinput")]);
  }

  async function open(device: "camera" | "microphone" | "screen", ask: () => Promise<MediaStream>) {
    fault.value = null;
    if (!devicesAllowed()) {
      fault.value = { device, what: "insecure" };
      return null;
    }
    try {
      return await ask();
    } catch (reason) {
      fault.value = { device, what: faultOf(reason) };
      return null;
    }
  }

  function show(opened: MediaStream, from: PictureSource): void {
    stop(picture);
    picture = opened;
    source.value = from;
    publish();
  }

  async function useCamera(): Promise<boolean> {
    const opened = await open("camera", () => openCamera(choice.value));
    if (!opened) return false;
    show(opened, "camera");
    void list();
    return true;
  }

  async function useScreen(): Promise<boolean> {
    const opened = await open("screen", openScreen);
    if (!opened) return false;
    const back = source.value === "camera";
    show(opened, "screen");
    opened.getVideoTracks()[0]?.addEventListener("ended", () => {
      if (picture === opened) void endScreen(back);
    });
    return true;
  }

  /** Back to what was shown before; the browser has its own button for it, too. */
  async function endScreen(toCamera = true): Promise<void> {
    if (!(toCamera && (await useCamera()))) useCard();
  }

  function useCard(): void {
    show(openCard(card()), "card");
  }

  async function useMicrophone(): Promise<boolean> {
    const opened = await open("microphone", () => openMicrophone(choice.value));
    if (!opened) return false;
    stop(sound);
    sound = opened;
    meter?.stop();
    meter = new Meter(opened);
    microphone.value = "on";
    publish();
    void list();
    return true;
  }

  function mute(muted: boolean): void {
    for (const track of sound?.getAudioTracks() ?? []) track.enabled = !muted;
    microphone.value = muted ? "muted" : "on";
  }

  async function choose(change: Partial<Choice>): Promise<void> {
    choice.value = { ...choice.value, ...change };
    localStorage.setItem(KEPT, JSON.stringify(choice.value));
    if (change.camera !== undefined && source.value === "camera") await useCamera();
    if (change.microphone !== undefined && microphone.value !== "off") await useMicrophone();
  }

  /** All that is needed to be seen and heard; the card stands in for a camera that is not there. */
  async function ready(): Promise<MediaStream | null> {
    if (microphone.value === "off") await useMicrophone();
    if (!source.value && !(await useCamera())) useCard();
    return stream.value;
  }

  /** Camera and microphone go off, their lights with them. */
  function close(): void {
    meter?.stop();
    stop(picture);
    stop(sound);
    [meter, picture, sound] = [null, null, null];
    [stream.value, source.value, microphone.value] = [null, null, "off"];
  }

  const timer = setInterval(() => {
    level.value = microphone.value === "on" ? (meter?.read() ?? 0) : 0;
  }, METER_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    close();
  });

  return {
    source,
    microphone,
    stream,
    fault,
    cameras,
    microphones,
    choice,
    level,
    useCamera,
    useScreen,
    endScreen,
    useCard,
    useMicrophone,
    mute,
    choose,
    ready,
    close,
  };
}

export type Sources = ReturnType<typeof useSources>;
