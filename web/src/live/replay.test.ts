import { describe, expect, it } from "vitest";

import { beginning, chatWindow, onward } from "./replay";

const GAPS = [
  { from_ms: 100_000, until_ms: 160_000 },
  { from_ms: 300_000, until_ms: 310_000 },
];

describe("replay", () => {
  it("begins at the date of the address, the first gap, or the first picture", () => {
    expect(beginning({ t: "250000", gap: "first" }, GAPS, 5)).toBe(250_000);
    expect(beginning({ gap: "first" }, GAPS, 5)).toBe(100_000);
    expect(beginning({ gap: "first" }, [], 5)).toBe(5);
    expect(beginning({ t: "soon" }, GAPS, 5)).toBe(5);
  });

  it("plays a gap to its end and jumps to the next", () => {
    expect(onward(GAPS, 0)).toBe(100_000);
    expect(onward(GAPS, 99_000)).toBeNull();
    expect(onward(GAPS, 159_999)).toBeNull();
    expect(onward(GAPS, 160_000)).toBe(300_000);
    expect(onward(GAPS, 310_000)).toBe("done");
    expect(onward([], 0)).toBe("done");
  });

  it("fetches the chat by tens of minutes", () => {
    expect(chatWindow(1_250_000)).toEqual({ from_ms: 1_200_000, until_ms: 1_800_000 });
  });
});
