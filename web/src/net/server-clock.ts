/** The server's time on this computer: its own clock may be minutes off, countdowns must not be. */
import { onBeforeUnmount, type Ref, ref } from "vue";

let offset = 0;

/** Takes a server time (RFC 3339) that has just arrived. */
export function hear(serverTime: string): void {
  offset = Date.parse(serverTime) - Date.now();
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** `serverNow()` renewed every `everyMs` for the life of a component. */
export function useNow(everyMs = 1_000): Ref<number> {
  const now = ref(serverNow());
  const timer = setInterval(() => {
    now.value = serverNow();
  }, everyMs);
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
