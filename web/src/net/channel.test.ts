import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Channel, createChannel, type Socket } from "./channel";
import type { Frame } from "./channel-model";
import { LineLost, Refusal } from "./refusal";

class FakeSocket implements Socket {
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: Frame[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.closed = true;
  }

  say(frame: Partial<Frame>): void {
    this.onmessage?.({ data: JSON.stringify({ v: 1, data: {}, ...frame }) });
  }

  break(code = 1006): void {
    this.onclose?.({ code });
  }
}

let sockets: FakeSocket[];
let channel: Channel;
const last = () => sockets[sockets.length - 1] as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  channel = createChannel({
    connect: () => {
      sockets.push(new FakeSocket());
      return last();
    },
    now: () => Date.now(),
    chance: () => 0.5,
  });
  channel.open();
  last().say({ type: "socket.ready", data: { queue: "q1", event: 0 } });
});

afterEach(() => {
  channel.close();
  vi.useRealTimers();
});

it("resolves a message with the data of its acknowledgement", async () => {
  const answer = channel.send("stay.open", { device: "办公电脑" });
  last().say({ type: "ack", id: last().sent[0]?.id, data: { earning: true } });
  await expect(answer).resolves.toEqual({ earning: true });
});

it("rejects a message with the refusal of the server", async () => {
  const answer = channel.send("post.write", { text: "……" });
  const data = { code: "mute.active", basis: "art-12", data: { until: "2026-09-18T02:00:00Z" } };
  last().say({ type: "refusal", id: last().sent[0]?.id, data });
  await expect(answer).rejects.toMatchObject({ code: "mute.active", basis: "art-12" });
  await expect(answer).rejects.toBeInstanceOf(Refusal);
});

it("says that the line was lost, and keeps what wants to be kept", async () => {
  const beat = channel.send("beat.send", {});
  const post = channel.send("post.write", { draft: "d1" }, { keep: true });
  const lost = expect(beat).rejects.toBeInstanceOf(LineLost);
  vi.advanceTimersByTime(5_000);
  await lost;
  expect(sockets[0]?.closed).toBe(true);
  vi.advanceTimersByTime(1_000);
  last().say({ type: "socket.ready", data: { queue: "q2", event: 0 } });
  last().say({ type: "ack", id: "resume" });
  const again = last().sent.find((frame) => frame.type === "post.write");
  last().say({ type: "ack", id: again?.id, data: { state: "published" } });
  await expect(post).resolves.toEqual({ state: "published" });
});

it("hands events to those who listen, until they stop", () => {
  const heard: unknown[] = [];
  const stop = channel.on("audience.count", (data) => heard.push(data));
  last().say({ type: "audience.count", event: 1, data: { here: 2 } });
  stop();
  last().say({ type: "audience.count", event: 2, data: { here: 3 } });
  expect(heard).toEqual([{ here: 2 }]);
});

it("asks for a fresh snapshot when the server has let the queue go", () => {
  const gone = vi.fn();
  channel.onGone(gone);
  last().break();
  vi.advanceTimersByTime(1_000);
  last().say({ type: "socket.ready", data: { queue: "q2", event: 0 } });
  last().say({ type: "refusal", id: "resume", data: { code: "queue.gone" } });
  expect(gone).toHaveBeenCalledOnce();
});

it("does not listen to a socket that it has given up", () => {
  const first = last();
  first.break();
  vi.advanceTimersByTime(1_000);
  first.break();
  expect(sockets).toHaveLength(2);
  expect(channel.line.state).toBe("opening");
});
