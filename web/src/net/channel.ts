/** The one socket of this browser: a thin shell that lets `ChannelModel` speak through a WebSocket and timers. */
import { ChannelModel, type Effect, type Frame, type Line } from "./channel-model";
import { LineLost, type Problem, Refusal } from "./refusal";

export type { Line, LineState } from "./channel-model";

type Data = Record<string, unknown>;
type Handler = (data: Data) => void;

export interface Channel {
  readonly line: Line;
  open(): void;
  close(): void;
  /**
   * Resolves with the data of the acknowledgement, rejects with `Refusal`. With `keep` the message waits for a lost line
   * and is sent again (so it must be idempotent on the server); without it, a lost line rejects with `LineLost`.
   */
  send<T = Data>(type: string, data: object, options?: { keep?: boolean }): Promise<T>;
  on(type: string, handler: Handler): () => void;
  /** The server no longer has what was missed: fetch a fresh snapshot. */
  onGone(handler: () => void): () => void;
  onLine(handler: (line: Line) => void): () => void;
  join(topic: string): () => void;
  retryNow(): void;
}

/** The part of `WebSocket` that is used; tests give a fake one. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface ChannelParts {
  connect: () => Socket;
  /** Monotonic milliseconds. */
  now?: () => number;
  chance?: () => number;
}

interface Waiting {
  resolve: (data: never) => void;
  reject: (reason: Error) => void;
}

export function createChannel({
  connect,
  now = () => performance.now(),
  chance = Math.random,
}: ChannelParts): Channel {
  const model = new ChannelModel(chance);
  const waiting = new Map<string, Waiting>();
  const handlers = new Map<string, Set<Handler>>();
  const goneHandlers = new Set<() => void>();
  const lineHandlers = new Set<(line: Line) => void>();
  let socket: Socket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function run(effects: Effect[]): void {
    for (const effect of effects) perform(effect);
    clearTimeout(timer);
    const due = model.wakeAt();
    if (due !== null) timer = setTimeout(() => run(model.tick(now())), Math.max(0, due - now()));
  }

  function perform(effect: Effect): void {
    if (effect.do === "connect") attach();
    else if (effect.do === "close") detach();
    else if (effect.do === "send") socket?.send(JSON.stringify(effect.frame));
    else if (effect.do === "settle") settle(effect.id, effect.frame);
    else if (effect.do === "drop") take(effect.id)?.reject(new LineLost());
    else if (effect.do === "event")
      for (const handler of handlers.get(effect.frame.type) ?? []) handler(effect.frame.data);
    else if (effect.do === "gone") for (const handler of goneHandlers) handler();
    else for (const handler of lineHandlers) handler(effect.line);
  }

  function attach(): void {
    const opened = connect();
    socket = opened;
    opened.onmessage = (event) => run(model.received(now(), JSON.parse(String(event.data)) as Frame));
    opened.onclose = (event) => {
      if (socket === opened) run(model.disconnected(now(), event.code));
    };
  }

  function detach(): void {
    const old = socket;
    socket = null;
    if (!old) return;
    old.onmessage = null;
    old.onclose = null;
    old.close();
  }

  function settle(id: string, frame: Frame): void {
    if (frame.type === "ack") take(id)?.resolve(frame.data as never);
    else take(id)?.reject(new Refusal(frame.data as unknown as Problem));
  }

  function take(id: string): Waiting | undefined {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  }

  return {
    get line() {
      return model.line;
    },
    open: () => run(model.open(now())),
    close: () => run(model.close(now())),
    retryNow: () => run(model.retryNow(now())),
    send(type, data, options = {}) {
      return new Promise((resolve, reject) => {
        const { id, effects } = model.send(now(), type, data as Data, options.keep ?? false);
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
        run(effects);
      });
    },
    on: (type, handler) => {
      const set = handlers.get(type) ?? new Set();
      handlers.set(type, set);
      return subscribe(set, handler);
    },
    onGone: (handler) => subscribe(goneHandlers, handler),
    onLine: (handler) => subscribe(lineHandlers, handler),
    join(topic) {
      run(model.join(now(), topic));
      return once(() => run(model.leave(now(), topic)));
    },
  };
}

function subscribe<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => set.delete(item);
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
