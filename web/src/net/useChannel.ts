/** The one socket as the screens see it: opened while somebody is signed in, its line reactive. */
import { readonly, shallowRef } from "vue";
import { type Channel, createChannel, type Line, type Socket } from "./channel";

export const channel: Channel = createChannel({
  connect: () => new WebSocket(socketAddress(window.location)) as unknown as Socket,
});

const line = shallowRef<Line>(channel.line);
channel.onLine((changed) => {
  line.value = changed;
});

export function useChannel() {
  return { channel, line: readonly(line) };
}

export function socketAddress(location: { protocol: string; host: string }): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`;
}
