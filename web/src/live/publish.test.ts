import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Publisher, type PublishState } from "./publish";
import type { Uplink } from "./uplink";

interface Call {
  method: string;
  url: string;
  bearer: string | null;
}

/** A peer connection that connects when told. */
class FakePeer extends EventTarget {
  connectionState = "new";
  iceGatheringState = "complete";
  localDescription = { sdp: "offer" };
  closed = false;
  replaced: string[] = [];
  seconds = 0;
  readonly transport = Object.assign(new EventTarget(), { state: "connected" });
  private readonly senders: { track: MediaStreamTrack }[] = [];
  addTransceiver(track: MediaStreamTrack): void {
    const sender = {
      track,
      transport: this.transport,
      getParameters: () => ({}),
      setParameters: async () => undefined,
      replaceTrack: async (next: MediaStreamTrack) => void this.replaced.push(next.id),
    };
    this.senders.push(sender);
  }
  getTransceivers = () => [];
  getSenders = () => this.senders;
  createOffer = async () => ({ type: "offer", sdp: "offer" });
  setLocalDescription = async () => undefined;
  setRemoteDescription = async () => undefined;
  getStats = async () => {
    this.seconds += 2;
    const [bytesSent, packetsSent, framesEncoded] = [262_500, 250, 30].map((n) => n * this.seconds);
    return [{ type: "outbound-rtp", kind: "video", bytesSent, packetsSent, framesEncoded }];
  };
  close(): void {
    this.closed = true;
  }
  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

let peers: FakePeer[];
let calls: Call[];
let states: PublishState[];
let uplinks: Uplink[];
let status: number;
let grants: number;
let now: number;

function stream(id: string): MediaStream {
  const tracks = [
    { kind: "video", id: `${id}-v` },
    { kind: "audio", id: `${id}-a` },
  ];
  return { getTracks: () => tracks } as unknown as MediaStream;
}

function publisher(): Publisher {
  const send = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    calls.push({ method: init?.method ?? "GET", url: String(url), bearer: headers.get("Authorization") });
    if (status === 0) throw new TypeError("offline");
    if (status !== 201) return new Response(JSON.stringify({ code: "whip.codec" }), { status });
    return new Response("answer", { status, headers: { Location: `/media/whip/k/r${calls.length}` } });
  };
  const createPeer = (): RTCPeerConnection => {
    const peer = new FakePeer();
    peers.push(peer);
    return peer as unknown as RTCPeerConnection;
  };
  const leave = async () => {
    grants += 1;
    return { url: "/media/whip/k", grant: `g${grants}`, expires_at: 0 };
  };
  const events = {
    state: (s: PublishState) => void states.push(s),
    uplink: (u: Uplink) => void uplinks.push(u),
  };
  return new Publisher(leave, events, { fetch: send, createPeer }, () => now);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCRtpSender", {});
  [peers, calls, states, uplinks, status, grants, now] = [[], [], [], [], 201, 0, 0];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("publisher", () => {
  it("offers once with its grant and sends when the peer is connected", async () => {
    await publisher().start(stream("cam"));
    peers[0]?.become("connected");
    expect(calls).toEqual([{ method: "POST", url: "/media/whip/k", bearer: "Bearer g1" }]);
    expect(states.map(({ at }) => at)).toEqual(["connecting", "sending"]);
  });

  it("ends the session with DELETE on the resource", async () => {
    const studio = publisher();
    await studio.start(stream("cam"));
    await studio.stop();
    expect(calls[1]).toMatchObject({ method: "DELETE", url: "http://localhost:3000/media/whip/k/r1" });
    expect(peers[0]?.closed).toBe(true);
  });

  it("comes back with a new grant when the peer has failed", async () => {
    await publisher().start(stream("cam"));
    peers[0]?.become("connected");
    peers[0]?.become("failed");
    await vi.advanceTimersByTimeAsync(1_000);
    peers[1]?.become("connected");
    expect(calls.map((c) => [c.method, c.bearer])).toEqual([
      ["POST", "Bearer g1"],
      ["DELETE", "Bearer g1"],
      ["POST", "Bearer g2"],
    ]);
    expect(states[states.length - 1]).toEqual({ at: "sending" });
  });

  it("asks again at once when media has closed the line", async () => {
    await publisher().start(stream("cam"));
    peers[0]?.become("connected");
    Object.assign(peers[0]?.transport ?? {}, { state: "closed" });
    peers[0]?.transport.dispatchEvent(new Event("statechange"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls.map((c) => [c.method, c.bearer])).toEqual([
      ["POST", "Bearer g1"],
      ["DELETE", "Bearer g1"],
      ["POST", "Bearer g2"],
    ]);
  });

  it("gives ICE four seconds to recover by itself", async () => {
    await publisher().start(stream("cam"));
    peers[0]?.become("connected");
    peers[0]?.become("disconnected");
    await vi.advanceTimersByTimeAsync(3_900);
    peers[0]?.become("connected");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(peers).toHaveLength(1);
  });

  it("waits longer after each failure, ten seconds at most", async () => {
    status = 0;
    await publisher().start(stream("cam"));
    await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 4_000 + 8_000 + 10_000);
    const waits = states.flatMap((s) => (s.at === "lost" ? [s.retry_ms] : []));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("does not try again what the server refuses", async () => {
    status = 406;
    await publisher().start(stream("cam"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states[states.length - 1]).toEqual({ at: "refused", status: 406, code: "whip.codec" });
    expect(calls).toHaveLength(1);
  });

  it("tries again with fresh leave when the grant had expired", async () => {
    status = 401;
    await publisher().start(stream("cam"));
    status = 201;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls.map((c) => c.bearer)).toEqual(["Bearer g1", "Bearer g2"]);
  });

  it("changes the source without a new session", async () => {
    const studio = publisher();
    await studio.start(stream("cam"));
    await studio.replace(stream("screen"));
    expect([peers.length, peers[0]?.replaced]).toEqual([1, ["screen-v", "screen-a"]]);
  });

  it("measures the line every two seconds", async () => {
    const studio = publisher();
    await studio.start(stream("cam"));
    peers[0]?.become("connected");
    await vi.advanceTimersByTimeAsync(2_000);
    now = 2_000;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(uplinks).toMatchObject([{ kbps: 2_100, fps: 30, grade: "good" }]);
    await studio.stop();
  });

  it("forgets a connection that was stopped while it came about", async () => {
    const studio = publisher();
    const starting = studio.start(stream("cam"));
    await studio.stop();
    await starting;
    expect(states[states.length - 1]).toEqual({ at: "off" });
    expect(peers.every((peer) => peer.closed)).toBe(true);
  });
});
