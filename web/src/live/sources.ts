/** Where the lecturer's picture and sound come from: camera, microphone, screen, or a drawn card. */

/** `denied`: the lecturer or the system said no; `missing`: no such device; `busy`: another program has it. */
export type DeviceFault = "denied" | "missing" | "busy" | "insecure" | "other";

export type PictureSource = "camera" | "screen" | "card";

export interface Choice {
  readonly camera: string | null;
  readonly microphone: string | null;
}

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const CARD_FPS = 5;

/** What went wrong, in one of the words that the studio knows. */
export function faultOf(reason: unknown): DeviceFault {
  switch ((reason as { name?: string } | null)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "other";
  }
}

/** Cameras and screens are only given out on https or to the machine itself. */
export function devicesAllowed(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

function device(id: string | null): { deviceId?: ConstrainDOMString } {
  return id ? { deviceId: { exact: id } } : {};
}

export function openCamera(choice: Choice): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ video: { ...SIZE, ...device(choice.camera) } });
}

export function openMicrophone(choice: Choice): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return navigator.mediaDevices.getUserMedia({ audio: { ...audio, ...device(choice.microphone) } });
}

/** The screen with small writing: sharpness before smoothness. */
export async function openScreen(): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: SIZE, audio: false });
  for (const track of stream.getVideoTracks()) track.contentHint = "detail";
  return stream;
}

/** Names are only told once leave was given. */
export async function devices(kind: "videoinput" | "audioinput"): Promise<MediaDeviceInfo[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((found) => found.kind === kind && found.deviceId !== "");
}

export interface Card {
  readonly title: string;
  readonly line: string;
}

/**
 * A still card with the title, sent while the camera is off: without a picture nothing is broadcast.
 * It is drawn again and again because a canvas that does not change sends no frames.
 */
export function openCard(card: Card): MediaStream {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const context = canvas.getContext("2d");
  if (!context) throw new DOMException("no canvas", "NotReadableError");
  draw(context, card);
  const stream = canvas.captureStream(CARD_FPS);
  const timer = setInterval(() => draw(context, card), 1000 / CARD_FPS);
  const [track] = stream.getVideoTracks();
  const stop = track?.stop.bind(track);
  if (track && stop) {
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
  }
  return stream;
}

function draw(context: CanvasRenderingContext2D, card: Card): void {
  const { width, height } = context.canvas;
  context.fillStyle = "#12171e";
  context.fillRect(0, 0, width, height);
  context.textAlign = "center";
  context.fillStyle = "#f2f5f8";
  context.font = "600 56px 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
  context.fillText(card.title, width / 2, height / 2 - 20, width - 120);
  context.fillStyle = "#b4bfcc";
  context.font = "32px 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
  context.fillText(card.line, width / 2, height / 2 + 50, width - 120);
}

/** No sound, but a track: a microphone that is found later takes its place without a new session. */
export function openSilence(): MediaStream {
  return new AudioContext().createMediaStreamDestination().stream;
}

export function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** One stream of the present picture and sound. */
export function joined(picture: MediaStream | null, sound: MediaStream | null): MediaStream {
  return new MediaStream([...(picture?.getVideoTracks() ?? []), ...(sound?.getAudioTracks() ?? [])]);
}
