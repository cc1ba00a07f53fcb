import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Beat, Heartbeat } from "./heartbeat";
import { type BeatAck, BeatSender } from "./sender";

const AIR = 1_764_032_400_000;
const LOST = new Error("lost");

let now: number;
let sent: number[][];
let answer: (beats: readonly Beat[]) => Promise<BeatAck>;
let acks: BeatAck[];
let refused: unknown[];
let heartbeat: Heartbeat;

function ack(beats: readonly Beat[]): BeatAck {
  return { acked_seq: beats[beats.length - 1]?.seq ?? 0, verdicts: [], verified_ms: 0, pending_ms: 0 };
}

function sender(): BeatSender {
  const send = (beats: readonly Beat[]): Promise<BeatAck> => {
    sent.push(beats.map((beat) => beat.seq));
    return answer(beats);
  };
  const parts = {
    send,
    isLost: (reason: unknown) => reason === LOST,
    moment: () => ({ position_ms: AIR + now, rate: 1 }),
    now: () => now,
  };
  const events = {
    acknowledged: (a: BeatAck) => void acks.push(a),
    refused: (r: unknown) => void refused.push(r),
  };
  return new BeatSender(heartbeat, parts, events);
}

beforeEach(() => {
  vi.useFakeTimers();
  [now, sent, acks, refused] = [0, [], [], []];
  answer = async (beats) => ack(beats);
  const condition = { playing: true, visible: true, rate: 1, position_ms: AIR };
  heartbeat = new Heartbeat({ interval_ms: 15_000, late_ms: 150_000 }, condition, 0);
});
afterEach(() => void vi.useRealTimers());

describe("beat sender", () => {
  it("sends each beat once and tells the acknowledgement", async () => {
    const carrier = sender();
    await carrier.flush();
    heartbeat.tick(AIR + 15_000, 1, 15_000);
    await carrier.flush();
    expect([sent, acks.map((a) => a.acked_seq)]).toEqual([
      [[1], [2]],
      [1, 2],
    ]);
  });

  it("has one batch under way and sends what came meanwhile after it", async () => {
    let settle: (ack: BeatAck) => void = () => undefined;
    answer = (beats) =>
      new Promise((resolve) => {
        settle = () => resolve(ack(beats));
      });
    const carrier = sender();
    void carrier.flush();
    heartbeat.tick(AIR + 15_000, 1, 15_000);
    void carrier.flush();
    expect(sent).toEqual([[1]]);
    settle(ack([]));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([[1], [2]]);
  });

  it("keeps beats over a lost line and sends them with a fresh one every five seconds", async () => {
    answer = async () => Promise.reject(LOST);
    const carrier = sender();
    await carrier.flush();
    now = 5_000;
    await vi.advanceTimersByTimeAsync(5_000);
    answer = async (beats) => ack(beats);
    now = 10_000;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([[1], [1, 2], [1, 2, 3]]);
    expect(heartbeat.batch(10_000)).toEqual([]);
  });

  it("stops at a refusal and tells it", async () => {
    const refusal = new Error("stay.unknown");
    answer = async () => Promise.reject(refusal);
    const carrier = sender();
    await carrier.flush();
    await carrier.flush();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([sent, refused]).toEqual([[[1]], [refusal]]);
  });

  it("is silent once stopped", async () => {
    answer = async () => Promise.reject(LOST);
    const carrier = sender();
    await carrier.flush();
    carrier.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([[1]]);
  });
});
