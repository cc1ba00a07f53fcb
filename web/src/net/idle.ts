/** When a sign-in that is not used will end: said before, so that nobody comes back to a closed desk. */

export const WARN_S = 120;

export interface IdleParts {
  now: () => number;
  /** Kept where all windows of the browser see it: what one of them does keeps the sign-in for all. */
  kept: { read: () => number; write: (at: number) => void };
}

export interface Idle {
  /** Something was asked that the server counts as use. */
  used(): void;
  /** Seconds until the sign-in ends, when the time has come to say so; else null. */
  left(idleS: number | null | undefined): number | null;
}

/** `now` and `kept` in ms since 1970 by one clock, the browser's own. */
export function createIdle({ now, kept }: IdleParts): Idle {
  let here = now();
  return {
    used() {
      here = now();
      kept.write(here);
    },
    left(idleS) {
      if (!idleS) return null;
      const left = Math.ceil(idleS - (now() - Math.max(here, kept.read())) / 1_000);
      return left <= WARN_S ? Math.max(0, left) : null;
    },
  };
}

const KEY = "jiangtang.used";

export const idle = createIdle({
  now: () => Date.now(),
  kept: {
    read: () => Number(localStorage.getItem(KEY)) || 0,
    write: (at) => localStorage.setItem(KEY, String(at)),
  },
});
