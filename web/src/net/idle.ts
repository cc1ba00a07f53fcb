/** When a sign-in that is not used will end: only what a person does, and what plays, is use. */

export const WARN_S = 120;

/** For this long after a key, a click or a turn of the wheel, what the page asks is asked by a person. */
export const PRESENT_MS = 10_000;

/** The server is told of a person who asks nothing (who writes, who reads) in this part of the idle time. */
const TOLD = 10;

export interface IdleParts {
  now: () => number;
  /** Kept where all windows of the browser see it: what one of them does keeps the sign-in for all. */
  kept: { read: () => number; write: (at: number) => void };
  /** Whether a film or a broadcast runs on this page. */
  playing: () => boolean;
}

export interface Idle {
  /** A person did something here. */
  acted(): void;
  /** Whether what is asked now is asked by a person, or by a page that plays. */
  present(): boolean;
  /** Something was asked that the server counts as use. */
  used(): void;
  /** Whether a person is here of whom the server has not heard for a while. */
  due(idleS: number | null | undefined): boolean;
  /** Seconds until the sign-in ends, when the time has come to say so; else null. */
  left(idleS: number | null | undefined): number | null;
}

/** `now` and `kept` in ms since 1970 by one clock, the browser's own. */
export function createIdle({ now, kept, playing }: IdleParts): Idle {
  let here = now();
  let actedAt = now();
  const unused = () => now() - Math.max(here, kept.read());
  const present = () => now() - actedAt <= PRESENT_MS || playing();
  return {
    present,
    acted() {
      actedAt = now();
    },
    used() {
      here = now();
      kept.write(here);
    },
    due: (idleS) => Boolean(idleS) && unused() >= (Number(idleS) / TOLD) * 1_000 && present(),
    left(idleS) {
      if (!idleS) return null;
      const left = Math.ceil(idleS - unused() / 1_000);
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
  playing: () => [...document.querySelectorAll("video, audio")].some((each) => isRunning(each)),
});

function isRunning(media: Element): boolean {
  return media instanceof HTMLMediaElement && !media.paused && !media.ended;
}

/** A mouse that only moves may be a table that shakes. */
const INPUTS = ["keydown", "pointerdown", "touchstart", "wheel"] as const;

/** Watches what a person does in this window. */
export function watchInput(target: Window): void {
  const act = (event: Event) => {
    if (event.isTrusted) idle.acted();
  };
  for (const name of INPUTS) target.addEventListener(name, act, { capture: true, passive: true });
}
