/** One WHIP session (RFC 9725): offer by POST, answer by 201, end by DELETE on the resource. */

import type { Leave } from "./grant";

/** Why no session came about: the status of the answer, 0 when none came. */
export class WhipError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null = null,
  ) {
    super(`WHIP ${status}`);
    this.name = "WhipError";
  }
}

export interface WhipParts {
  readonly fetch: typeof fetch;
  readonly createPeer: () => RTCPeerConnection;
}

export interface WhipSession {
  readonly peer: RTCPeerConnection;
  /** Sends DELETE and closes; never rejects, the server ends a silent session by itself. */
  end(): Promise<void>;
}

/** Candidates of the own machine are there within this; later ones are not worth the wait. */
const GATHER_MS = 300;

/** H.264 first: the server passes it on and encodes nothing (RFC 9725 4.4 leaves codecs to the offer). */
export function preferH264(peer: RTCPeerConnection, codecs: readonly RTCRtpCodec[]): void {
  const isH264 = (codec: RTCRtpCodec): boolean => codec.mimeType.toLowerCase() === "video/h264";
  const h264 = codecs.filter(isH264);
  if (h264.length === 0) return;
  const sorted = [...h264, ...codecs.filter((codec) => !isH264(codec))];
  for (const transceiver of peer.getTransceivers()) {
    if (transceiver.sender.track?.kind === "video") transceiver.setCodecPreferences?.(sorted);
  }
}

/** Offers the tracks of `stream`; the picture keeps its size, so that the recording has one. */
export async function publish(leave: Leave, stream: MediaStream, parts: WhipParts): Promise<WhipSession> {
  const peer = parts.createPeer();
  try {
    for (const track of stream.getTracks())
      peer.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    preferH264(peer, RTCRtpSender.getCapabilities?.("video")?.codecs ?? []);
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await post(leave, peer.localDescription?.sdp ?? "", parts.fetch);
    await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    await keepResolution(peer);
    return { peer, end: () => end(peer, leave, answer.resource, parts.fetch) };
  } catch (reason) {
    peer.close();
    throw reason;
  }
}

async function post(
  leave: Leave,
  sdp: string,
  send: typeof fetch,
): Promise<{ sdp: string; resource: string }> {
  const response = await reach(send, leave.url, {
    method: "POST",
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${leave.grant}` },
    body: sdp,
  });
  if (response.status !== 201) throw new WhipError(response.status, await codeOf(response));
  const location = response.headers.get("Location");
  if (!location) throw new WhipError(response.status, "whip.location");
  return {
    sdp: await response.text(),
    resource: new URL(location, new URL(leave.url, document.baseURI)).href,
  };
}

async function reach(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch {
    throw new WhipError(0);
  }
}

async function codeOf(response: Response): Promise<string | null> {
  try {
    const problem: unknown = await response.json();
    const code = (problem as { code?: unknown } | null)?.code;
    return typeof code === "string" ? code : null;
  } catch {
    return null;
  }
}

async function end(
  peer: RTCPeerConnection,
  leave: Leave,
  resource: string,
  send: typeof fetch,
): Promise<void> {
  peer.close();
  const headers = { Authorization: `Bearer ${leave.grant}` };
  await send(resource, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}

async function keepResolution(peer: RTCPeerConnection): Promise<void> {
  for (const sender of peer.getSenders()) {
    if (sender.track?.kind !== "video") continue;
    const parameters = sender.getParameters();
    await sender
      .setParameters({ ...parameters, degradationPreference: "maintain-resolution" } as RTCRtpSendParameters)
      .catch(() => undefined);
  }
}
