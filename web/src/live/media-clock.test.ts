import { describe, expect, it } from "vitest";

import { type Dated, dateAt, span, stretches, timeAt } from "./media-clock";

const AIR = 1_764_032_400_000;

/** Two segments, a pause of ten minutes, one segment; player seconds run on over the pause. */
const FRAGMENTS: Dated[] = [
  { start: 0, duration: 4.004, programDateTime: AIR },
  { start: 4.004, duration: 3.97, programDateTime: AIR + 4_000 },
  { start: 7.974, duration: 4, programDateTime: AIR + 607_974 },
];
const KNOWN = stretches(FRAGMENTS);

describe("media clock", () => {
  it("joins segments in spite of rounding and keeps a real gap", () => {
    expect(KNOWN).toEqual([
      { start: 0, from_ms: AIR, until_ms: AIR + 7_970 },
      { start: 7.974, from_ms: AIR + 607_974, until_ms: AIR + 611_974 },
    ]);
  });

  it("leaves out what carries no date", () => {
    expect(stretches([{ start: 0, duration: 4, programDateTime: null }])).toEqual([]);
    expect(dateAt([], 3)).toBeNull();
    expect(timeAt([], AIR)).toBeNull();
    expect(span([])).toEqual({ start: 0, end: 0 });
  });

  it("dates a moment on either side of the gap", () => {
    expect(dateAt(KNOWN, 5)).toBe(AIR + 5_000);
    expect(dateAt(KNOWN, 8.974)).toBe(AIR + 608_974);
  });

  it("finds the player seconds of a date", () => {
    expect(timeAt(KNOWN, AIR + 5_000)).toBe(5);
    expect(timeAt(KNOWN, AIR + 608_974)).toBe(8.974);
  });

  it("goes on after a gap when the date lies in it", () => {
    expect(timeAt(KNOWN, AIR + 300_000)).toBe(7.974);
  });

  it("stays at the first and the last picture outside of the class", () => {
    expect(timeAt(KNOWN, AIR - 1)).toBe(0);
    expect(timeAt(KNOWN, AIR + 9_000_000)).toBeCloseTo(11.974);
    expect(span(KNOWN)).toEqual({ start: 0, end: 11.974 });
  });
});
