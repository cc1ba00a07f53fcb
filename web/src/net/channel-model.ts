/**
 * The one socket as a state machine without input or output: times (ms, monotonic) and frames go in, effects come out.
 *
 * A line is `opening` until the server's `socket.ready`, then `ready`. It is `lost` when the socket closes, or 5 s after
 * a message that nobody acknowledged; then it is tried again after 1, 2 and from there every 5 s, each with jitter. What
 * was sent with `keep` and has no acknowledgement is sent again, in order, under the same id. Events carry the number
 * they have in the server's queue; after a break the queue is resumed from the last number seen, and where the server
 * has let the queue go, the screens are asked to fetch a fresh snapshot. A server that is about to stop says when to go
 * elsewhere: until then the line is used as ever, then it is opened anew between two messages.
 */

export interface Frame {
  v: 1;
  type: string;
  id?: string;
  event?: number;
  data: Record<string, unknown>;
}

/** What one frame of type `batch` carries: several events of one moment under one number. */
type Batch = Pick<Frame, "type" | "data">[];

export type LineState = "closed" | "opening" | "ready" | "lost" | "ended";

export interface Line {
  state: LineState;
  /** When this state began; for `lost`, when the line was last known to work. */
  since: number;
  attempt: number;
  retryAt: number | null;
}

export type Effect =
  | { do: "connect" }
  | { do: "close" }
  | { do: "send"; frame: Frame }
  | { do: "settle"; id: string; frame: Frame }
  | { do: "drop"; id: string }
  | { do: "event"; frame: Frame }
  | { do: "gone" }
  | { do: "line"; line: Line };

interface Outgoing {
  frame: Frame;
  keep: boolean;
  sentAt: number | null;
}

export const ACK_MS = 5_000;
export const PING_MS = 15_000;
/** Over how long browsers come back to a server that closed without having told them when. */
export const SPREAD_MS = 10_000;
const SESSION_ENDED = 4401;
const SERVICE_RESTART = 1012;
const RESUME = "resume";
const PING = "ping";

function unpack(frame: Frame): Frame[] {
  if (frame.type !== "batch") return [frame];
  return (frame.data as unknown as Batch).map(({ type, data }) => ({ v: 1, type, data }));
}

/** Wait before the n-th try (from 1), ms: 1, 2, then 5 s, spread over ±20 % so that a thousand browsers do not return at once. */
export function retryDelay(attempt: number, chance: number): number {
  const base = attempt <= 1 ? 1_000 : attempt === 2 ? 2_000 : 5_000;
  return Math.round(base * (0.8 + 0.4 * chance));
}

export class ChannelModel {
  line: Line = { state: "closed", since: 0, attempt: 0, retryAt: null };
  private outgoing = new Map<string, Outgoing>();
  private topics = new Map<string, number>();
  private queue: string | null = null;
  private lastEvent = 0;
  private lastSentAt = 0;
  private lastHeardAt = 0;
  private count = 0;
  private fresh: Record<string, unknown> = {};
  private lostSince = 0;
  private moveAt: number | null = null;
  private readonly chance: () => number;

  constructor(chance: () => number) {
    this.chance = chance;
  }

  open(now: number): Effect[] {
    if (this.line.state !== "closed" && this.line.state !== "ended") return [];
    return this.connect(now);
  }

  close(now: number): Effect[] {
    const dropped = [...this.outgoing.keys()].map((id): Effect => ({ do: "drop", id }));
    this.outgoing.clear();
    this.topics.clear();
    this.queue = null;
    this.lastEvent = 0;
    this.moveAt = null;
    return [{ do: "close" }, ...dropped, this.become("closed", now)];
  }

  /** Takes a message; it goes out now when the line is ready, else (with `keep`) when it is again. */
  send(
    now: number,
    type: string,
    data: Record<string, unknown>,
    keep: boolean,
  ): { id: string; effects: Effect[] } {
    const id = `c${++this.count}`;
    const ready = this.line.state === "ready";
    if (!ready && !keep) return { id, effects: [{ do: "drop", id }] };
    const message: Outgoing = { frame: { v: 1, type, id, data }, keep, sentAt: null };
    this.outgoing.set(id, message);
    return { id, effects: ready ? [this.transmit(now, message)] : [] };
  }

  join(now: number, topic: string): Effect[] {
    const holders = this.topics.get(topic) ?? 0;
    this.topics.set(topic, holders + 1);
    return holders === 0 && this.line.state === "ready" ? [this.tell(now, "topic.join", { topic })] : [];
  }

  leave(now: number, topic: string): Effect[] {
    const holders = this.topics.get(topic) ?? 0;
    if (holders > 1) {
      this.topics.set(topic, holders - 1);
      return [];
    }
    this.topics.delete(topic);
    return holders === 1 && this.line.state === "ready" ? [this.tell(now, "topic.leave", { topic })] : [];
  }

  received(now: number, frame: Frame): Effect[] {
    this.lastHeardAt = now;
    if (frame.type === "socket.ready") return this.welcomed(now, frame);
    if (frame.type === "ack" || frame.type === "refusal") return this.answered(now, frame);
    if (frame.type === "server.reconnect") {
      this.moveAt = now + Number(frame.data.after_ms ?? 0) + 500 * this.chance();
      return [];
    }
    if (frame.event !== undefined) {
      if (frame.event <= this.lastEvent) return [];
      const hole = frame.event > this.lastEvent + 1;
      this.lastEvent = frame.event;
      if (hole)
        return [...unpack(frame).map((each): Effect => ({ do: "event", frame: each })), { do: "gone" }];
    }
    if (frame.type === "session.ended") return [{ do: "event", frame }, ...this.end(now)];
    return unpack(frame).map((each): Effect => ({ do: "event", frame: each }));
  }

  disconnected(now: number, code: number): Effect[] {
    if (this.line.state === "closed" || this.line.state === "ended" || this.line.state === "lost") return [];
    if (code === SESSION_ENDED) return this.end(now);
    if (this.moveAt !== null) return this.lose(now, Math.max(0, this.moveAt - now));
    return this.lose(now, code === SERVICE_RESTART ? SPREAD_MS * this.chance() : null);
  }

  /** The next moment at which `tick` has something to do. */
  wakeAt(): number | null {
    if (this.line.state === "lost") return this.line.retryAt;
    if (this.line.state === "opening") return this.line.since + 2 * ACK_MS;
    if (this.line.state !== "ready") return null;
    const oldest = this.oldestSent();
    if (oldest === null && this.moveAt !== null) return Math.min(this.moveAt, this.lastSentAt + PING_MS);
    return Math.min(oldest === null ? Number.POSITIVE_INFINITY : oldest + ACK_MS, this.lastSentAt + PING_MS);
  }

  tick(now: number): Effect[] {
    const due = this.wakeAt();
    if (due === null || now < due) return [];
    if (this.line.state === "lost") return this.connect(now);
    if (this.line.state === "opening") return this.lose(now, null);
    const oldest = this.oldestSent();
    if (oldest !== null && now >= oldest + ACK_MS) return this.lose(now, null);
    if (oldest === null && this.moveAt !== null && now >= this.moveAt) return this.move(now);
    const ping: Outgoing = { frame: { v: 1, type: "ping", id: PING, data: {} }, keep: false, sentAt: null };
    this.outgoing.set(PING, ping);
    return [this.transmit(now, ping)];
  }

  retryNow(now: number): Effect[] {
    return this.line.state === "lost" ? this.connect(now) : [];
  }

  /** Opens the line anew, elsewhere; nothing is under way on the old one. */
  private move(now: number): Effect[] {
    this.lostSince = this.lastHeardAt;
    return [{ do: "close" }, ...this.connect(now)];
  }

  private connect(now: number): Effect[] {
    this.moveAt = null;
    const attempt = this.line.attempt + 1;
    this.line = { state: "opening", since: now, attempt, retryAt: null };
    return [{ do: "connect" }, { do: "line", line: this.line }];
  }

  private welcomed(now: number, frame: Frame): Effect[] {
    if (this.queue === null) {
      this.adopt(frame.data);
      return this.readied(now);
    }
    const data = { queue: this.queue, last_event: this.lastEvent };
    const resume: Outgoing = {
      frame: { v: 1, type: "socket.resume", id: RESUME, data },
      keep: false,
      sentAt: null,
    };
    this.fresh = frame.data;
    this.outgoing = new Map([[RESUME, resume], ...this.outgoing]);
    return [this.transmit(now, resume)];
  }

  private adopt(ready: Record<string, unknown>): void {
    this.queue = String(ready.queue);
    this.lastEvent = Number(ready.event ?? 0);
  }

  private answered(now: number, frame: Frame): Effect[] {
    const id = frame.id ?? "";
    if (!this.outgoing.delete(id)) return [];
    if (id === PING || id.startsWith("t")) return [];
    if (id !== RESUME) return [{ do: "settle", id, frame }];
    if (frame.type === "ack") return this.readied(now);
    this.adopt(this.fresh);
    return [...this.readied(now), { do: "gone" }];
  }

  private readied(now: number): Effect[] {
    this.line = { state: "ready", since: now, attempt: 0, retryAt: null };
    const joins = [...this.topics.keys()].map((topic) => this.tell(now, "topic.join", { topic }));
    const again = [...this.outgoing.values()].filter((message) => message.keep);
    return [
      { do: "line", line: this.line },
      ...joins,
      ...again.map((message) => this.transmit(now, message)),
    ];
  }

  /** Something the model keeps track of itself, so nobody waits for the answer. */
  private tell(now: number, type: string, data: Record<string, unknown>): Effect {
    const id = `t${++this.count}`;
    const message: Outgoing = { frame: { v: 1, type, id, data }, keep: false, sentAt: null };
    this.outgoing.set(id, message);
    return this.transmit(now, message);
  }

  private transmit(now: number, message: Outgoing): Effect {
    message.sentAt = now;
    this.lastSentAt = now;
    return { do: "send", frame: message.frame };
  }

  private lose(now: number, afterMs: number | null): Effect[] {
    const attempt = Math.max(this.line.attempt, 0);
    const wait = afterMs ?? retryDelay(attempt + 1, this.chance());
    const since = this.line.state === "ready" ? this.lastHeardAt : this.lostSince;
    this.lostSince = since;
    this.line = { state: "lost", since, attempt, retryAt: now + wait };
    return [{ do: "close" }, ...this.forget(), { do: "line", line: this.line }];
  }

  private forget(): Effect[] {
    const dropped: Effect[] = [];
    for (const [id, message] of this.outgoing) {
      message.sentAt = null;
      if (message.keep) continue;
      this.outgoing.delete(id);
      if (id.startsWith("c")) dropped.push({ do: "drop", id });
    }
    return dropped;
  }

  private end(now: number): Effect[] {
    const dropped = [...this.outgoing.keys()].filter((id) => id.startsWith("c"));
    this.outgoing.clear();
    this.queue = null;
    this.lastEvent = 0;
    return [{ do: "close" }, ...dropped.map((id): Effect => ({ do: "drop", id })), this.become("ended", now)];
  }

  private become(state: LineState, now: number): Effect {
    this.line = { state, since: now, attempt: 0, retryAt: null };
    return { do: "line", line: this.line };
  }

  private oldestSent(): number | null {
    let oldest: number | null = null;
    for (const { sentAt } of this.outgoing.values()) {
      if (sentAt !== null && (oldest === null || sentAt < oldest)) oldest = sentAt;
    }
    return oldest;
  }
}
