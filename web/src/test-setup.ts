/** What every test of the pages stands on: browser parts that jsdom leaves out. */
import { config } from "@vue/test-utils";
import { words } from "@/words";

config.global.plugins = [words];

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
globalThis.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
