import { describe, expect, it } from "vitest";

import { level, smooth } from "./meter";

describe("meter", () => {
  it("is empty in silence and full at the loudest", () => {
    expect(level([0, 0, 0])).toBe(0);
    expect(level([])).toBe(0);
    expect(level([1, -1, 1, -1])).toBe(1);
  });

  it("shows half of the bar at -30 dB", () => {
    const amplitude = 10 ** (-30 / 20);
    expect(level([amplitude, -amplitude])).toBeCloseTo(0.5);
  });

  it("rises at once and falls slowly", () => {
    expect(smooth(0.1, 0.8)).toBe(0.8);
    expect(smooth(0.8, 0)).toBeCloseTo(0.68);
  });
});
