/** What many pages are told at once they do each at a moment of its own, once for all that they were told until then. */
export const SPREAD_MS = 10_000;

export interface Spread {
  ask: () => void;
  stop: () => void;
}

export function spread(act: () => void, chance: () => number = Math.random): Spread {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ask() {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, chance() * SPREAD_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
