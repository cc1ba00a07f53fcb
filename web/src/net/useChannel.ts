/** The one socket as the screens see it: opened while somebody is signed in, its line reactive. */
import { readonly, shallowRef } from "vue";
import { type Channel, createChannel, type Line, type Socket } from "./channel";
import { load } from "./session";

export const channel: Channel = createChannel({
  connect: () => new WebSocket(socketAddress(window.location)) as unknown as Socket,
});

const line = shallowRef<Line>(channel.line);
const SIGNED_OUT_SUSPECTED = 2;

channel.onLine((changed) => {
  line.value = changed;
  // A handshake that is refused tells a browser nothing; whether the session has ended is asked by a call.
  const suspected = changed.state === "lost" && changed.attempt >= SIGNED_OUT_SUSPECTED;
  if (suspected || changed.state === "ended") load().catch(() => {});
});

export function useChannel() {
  return { channel, line: readonly(line) };
}

export function socketAddress(location: { protocol: string; host: string }): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`;
}
