import { describe, expect, it } from "vitest";
import { createIdle } from "./idle";

const DESK_S = 1_800;

function browser() {
  const clock = { ms: 1_000_000 };
  let at = 0;
  const kept = {
    read: () => at,
    write: (ms: number) => {
      at = ms;
    },
  };
  const film = { runs: false };
  const open = () => createIdle({ now: () => clock.ms, kept, playing: () => film.runs });
  return { clock, film, open };
}

describe("an unused sign-in", () => {
  it("is warned of two minutes before its end, and not earlier", () => {
    const { clock, open } = browser();
    const idle = open();
    idle.used();
    clock.ms += (DESK_S - 121) * 1_000;
    expect(idle.left(DESK_S)).toBeNull();
    clock.ms += 1_000;
    expect(idle.left(DESK_S)).toBe(120);
    clock.ms += 500_000;
    expect(idle.left(DESK_S)).toBe(0);
  });

  it("is kept by any use", () => {
    const { clock, open } = browser();
    const idle = open();
    clock.ms += (DESK_S - 60) * 1_000;
    expect(idle.left(DESK_S)).toBe(60);
    idle.used();
    expect(idle.left(DESK_S)).toBeNull();
  });

  it("is kept by what another window does", () => {
    const { clock, open } = browser();
    const [one, other] = [open(), open()];
    clock.ms += (DESK_S - 60) * 1_000;
    other.used();
    expect(one.left(DESK_S)).toBeNull();
  });

  it("is nothing to a visitor", () => {
    const { clock, open } = browser();
    const idle = open();
    clock.ms += 100 * DESK_S * 1_000;
    expect(idle.left(null)).toBeNull();
  });
});

describe("what is use", () => {
  it("is what is asked within ten seconds of a person's doing, not what a page asks by itself", () => {
    const { clock, open } = browser();
    const idle = open();
    clock.ms += 10_001;
    expect(idle.present()).toBe(false);
    idle.acted();
    expect(idle.present()).toBe(true);
  });

  it("is what plays", () => {
    const { clock, film, open } = browser();
    const idle = open();
    clock.ms += 3_600_000;
    film.runs = true;
    expect(idle.present()).toBe(true);
    expect(idle.due(DESK_S)).toBe(true);
  });

  it("is told to the server by who writes for long and asks nothing", () => {
    const { clock, open } = browser();
    const idle = open();
    idle.used();
    clock.ms += 179_000;
    idle.acted();
    expect(idle.due(DESK_S)).toBe(false);
    clock.ms += 1_000;
    expect(idle.due(DESK_S)).toBe(true);
    clock.ms += 11_000;
    expect(idle.due(DESK_S)).toBe(false);
    expect(idle.due(null)).toBe(false);
  });
});
