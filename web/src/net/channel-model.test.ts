import { describe, expect, it } from "vitest";
import { ChannelModel, type Effect, type Frame, retryDelay, SPREAD_MS } from "./channel-model";

const middle = () => 0.5;

function ready(model: ChannelModel, now = 0, queue = "q1", event = 0): Effect[] {
  return model.received(now, { v: 1, type: "socket.ready", data: { queue, event } });
}

function opened(): ChannelModel {
  const model = new ChannelModel(middle);
  model.open(0);
  ready(model);
  return model;
}

const sent = (effects: Effect[]): Frame[] =>
  effects.flatMap((each) => (each.do === "send" ? [each.frame] : []));
const kinds = (effects: Effect[]): string[] => effects.map((each) => each.do);
const ack = (id: string): Frame => ({ v: 1, type: "ack", id, data: {} });

describe("a line", () => {
  it("is opening until the server says that it is ready", () => {
    const model = new ChannelModel(middle);
    expect(kinds(model.open(0))).toEqual(["connect", "line"]);
    expect(model.line.state).toBe("opening");
    ready(model, 40);
    expect(model.line).toEqual({ state: "ready", since: 40, attempt: 0, retryAt: null });
  });

  it("is lost 5 s after a message that nobody acknowledged, not a moment before", () => {
    const model = opened();
    model.send(1_000, "post.write", {}, true);
    expect(model.tick(5_999)).toEqual([]);
    model.tick(6_000);
    expect(model.line.state).toBe("lost");
  });

  it("stays when the acknowledgement came in time", () => {
    const model = opened();
    const { id } = model.send(1_000, "post.write", {}, true);
    model.received(5_900, ack(id));
    model.tick(6_000);
    expect(model.line.state).toBe("ready");
  });

  it("is asked every 15 s when there is nothing else to say", () => {
    const model = opened();
    expect(sent(model.tick(14_999))).toEqual([]);
    expect(sent(model.tick(15_000)).map((frame) => frame.type)).toEqual(["ping"]);
    expect(model.wakeAt()).toBe(20_000);
  });

  it("is tried again after 1, 2 and then every 5 s", () => {
    const model = opened();
    let now = 100;
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      model.disconnected(now, 1006);
      const at = model.wakeAt() ?? 0;
      waits.push(at - now);
      now = at;
      expect(kinds(model.tick(now))).toContain("connect");
    }
    expect(waits).toEqual([1_000, 2_000, 5_000, 5_000, 5_000]);
  });

  it("is tried a little earlier or later by everybody", () => {
    expect(retryDelay(3, 0)).toBe(4_000);
    expect(retryDelay(3, 1)).toBe(6_000);
  });

  it("says since when it has been lost, over all tries", () => {
    const model = opened();
    model.received(3_000, { v: 1, type: "audience.count", event: 1, data: {} });
    model.disconnected(8_000, 1006);
    expect(model.line.since).toBe(3_000);
    model.tick(9_000);
    model.disconnected(9_100, 1006);
    expect(model.line.since).toBe(3_000);
  });

  it("gives up a connection that never becomes ready", () => {
    const model = new ChannelModel(middle);
    model.open(0);
    model.tick(10_000);
    expect(model.line.state).toBe("lost");
  });

  const leave: Frame = { v: 1, type: "server.reconnect", data: { after_ms: 4_000 } };

  it("stays in use until the moment at which the server asks it to go elsewhere", () => {
    const model = opened();
    model.received(1_000, leave);
    expect(model.line.state).toBe("ready");
    expect(model.wakeAt()).toBe(5_250);
    const { effects } = model.send(3_000, "post.write", {}, false);
    expect(kinds(effects)).toEqual(["send"]);
    model.received(3_100, ack("c1"));
    expect(kinds(model.tick(5_250))).toEqual(["close", "connect", "line"]);
    ready(model, 5_300);
    expect(sent(model.received(5_310, ack("resume")))).toEqual([]);
    expect(model.line.state).toBe("ready");
  });

  it("goes elsewhere only when nothing is unanswered", () => {
    const model = opened();
    model.received(1_000, leave);
    model.send(5_200, "beat.send", {}, true);
    expect(model.tick(5_250)).toEqual([]);
    model.received(5_400, ack("c1"));
    expect(kinds(model.tick(5_400))).toContain("connect");
  });

  it("comes back at its moment when the server has closed before", () => {
    const model = opened();
    model.received(1_000, leave);
    model.disconnected(1_100, 1012);
    expect(model.line.state).toBe("lost");
    expect(model.wakeAt()).toBe(5_250);
  });

  it("comes back at a moment of its own when a server that restarts has named none", () => {
    const model = opened();
    model.disconnected(1_000, 1012);
    expect(model.wakeAt()).toBe(1_000 + SPREAD_MS / 2);
  });

  it("ends with the session and is not tried again", () => {
    const model = opened();
    const effects = model.received(1_000, { v: 1, type: "session.ended", data: { reason: "signed_out" } });
    expect(kinds(effects)).toEqual(["event", "close", "line"]);
    expect(model.line.state).toBe("ended");
    expect(model.wakeAt()).toBeNull();
  });
});

describe("a message", () => {
  it("with keep waits for the line and is sent again, in order, under the same id", () => {
    const model = opened();
    const first = model.send(0, "post.write", { text: "一" }, true);
    model.disconnected(100, 1006);
    const second = model.send(200, "post.write", { text: "二" }, true);
    expect(second.effects).toEqual([]);
    model.tick(1_100);
    ready(model, 1_200, "q2");
    const again = sent(model.received(1_300, ack("resume")));
    expect(again.map((frame) => frame.id)).toEqual([first.id, second.id]);
  });

  it("without keep is dropped when the line is lost, and refused while it is", () => {
    const model = opened();
    const { id } = model.send(0, "beat.send", {}, false);
    expect(model.disconnected(100, 1006)).toContainEqual({ do: "drop", id });
    const late = model.send(200, "beat.send", {}, false);
    expect(late.effects).toEqual([{ do: "drop", id: late.id }]);
  });

  it("is settled once, however often it is acknowledged", () => {
    const model = opened();
    const { id } = model.send(0, "post.write", {}, true);
    expect(kinds(model.received(10, ack(id)))).toEqual(["settle"]);
    expect(model.received(11, ack(id))).toEqual([]);
  });

  it("that was refused is settled with the refusal and never sent again", () => {
    const model = opened();
    const { id } = model.send(0, "post.write", {}, true);
    const refusal: Frame = { v: 1, type: "refusal", id, data: { code: "mute.active" } };
    expect(model.received(10, refusal)).toEqual([{ do: "settle", id, frame: refusal }]);
    model.disconnected(100, 1006);
    model.tick(1_100);
    ready(model, 1_200, "q2");
    expect(sent(model.received(1_300, ack("resume")))).toEqual([]);
  });
});

describe("an event", () => {
  it("is delivered once when it is replayed after a break", () => {
    const model = opened();
    const event: Frame = { v: 1, type: "post.published", event: 1, data: {} };
    expect(kinds(model.received(1, event))).toEqual(["event"]);
    expect(model.received(2, event)).toEqual([]);
  });

  it("comes alone out of a batch", () => {
    const model = opened();
    const data = [
      { type: "post.published", data: { post: 1 } },
      { type: "post.removed", data: { post: 0 } },
    ] as unknown as Record<string, unknown>;
    const effects = model.received(1, { v: 1, type: "batch", event: 1, data });
    expect(effects.map((each) => each.do === "event" && each.frame.type)).toEqual([
      "post.published",
      "post.removed",
    ]);
  });
});

describe("a queue", () => {
  it("is resumed from the last event that was seen", () => {
    const model = opened();
    model.received(1, { v: 1, type: "post.published", event: 7, data: {} });
    model.disconnected(100, 1006);
    model.tick(1_100);
    const [resume] = sent(ready(model, 1_200, "q2"));
    expect(resume).toMatchObject({ type: "socket.resume", data: { queue: "q1", last_event: 7 } });
    expect(model.line.state).toBe("opening");
  });

  it("that is gone makes the screens fetch a fresh snapshot, and the new one is counted from its own number", () => {
    const model = opened();
    model.received(1, { v: 1, type: "post.published", event: 7, data: {} });
    model.disconnected(100, 1006);
    model.tick(1_100);
    ready(model, 1_200, "q2", 0);
    const effects = model.received(1_300, {
      v: 1,
      type: "refusal",
      id: "resume",
      data: { code: "queue.gone" },
    });
    expect(kinds(effects)).toEqual(["line", "gone"]);
    expect(kinds(model.received(1_400, { v: 1, type: "post.published", event: 1, data: {} }))).toEqual([
      "event",
    ]);
  });
});

describe("a hole in the numbers of the events", () => {
  it("makes the screens fetch a fresh snapshot, after the event that showed it", () => {
    const model = opened();
    model.received(1, { v: 1, type: "post.published", event: 1, data: {} });
    const effects = model.received(2, { v: 1, type: "post.published", event: 3, data: {} });
    expect(kinds(effects)).toEqual(["event", "gone"]);
    expect(kinds(model.received(3, { v: 1, type: "post.published", event: 4, data: {} }))).toEqual(["event"]);
  });
});

describe("a topic", () => {
  it("is joined by the first who wants it, left by the last, and joined again after a break", () => {
    const model = opened();
    expect(sent(model.join(0, "class:1")).map((frame) => frame.type)).toEqual(["topic.join"]);
    expect(model.join(0, "class:1")).toEqual([]);
    expect(model.leave(0, "class:1")).toEqual([]);
    model.disconnected(100, 1006);
    model.tick(1_100);
    ready(model, 1_200, "q2");
    expect(sent(model.received(1_300, ack("resume"))).map((frame) => frame.data)).toEqual([
      { topic: "class:1" },
    ]);
    expect(sent(model.leave(1_400, "class:1")).map((frame) => frame.type)).toEqual(["topic.leave"]);
  });
});
