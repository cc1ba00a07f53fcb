import { describe, expect, it } from "vitest";

import {
  airAt,
  missing,
  missingMinutes,
  nextMissing,
  type OwnStretch,
  percent,
  pieces,
  seen,
  uncounted,
} from "./own";

const M = 60_000;
/** On air for 30 minutes, a break of 10, on air for 30 more. */
const AIR = [
  { from_ms: 0, until_ms: 30 * M },
  { from_ms: 40 * M, until_ms: 70 * M },
];

function stretch(from: number, until: number, kind: OwnStretch["kind"]): OwnStretch {
  return { from_ms: from * M, until_ms: until * M, kind, reason: kind === "cut" ? "beat.hidden" : null };
}

describe("own attendance", () => {
  it("measures air time without the break", () => {
    expect([0, 30, 35, 40, 45, 99].map((minute) => airAt(AIR, minute * M) / M)).toEqual([
      0, 30, 30, 30, 35, 60,
    ]);
  });

  it("draws each stretch by its share of the air time", () => {
    const drawn = pieces({ air: AIR, stretches: [stretch(0, 30, "counted"), stretch(40, 55, "cut")] });
    expect(drawn.map(({ left, width, kind }) => [left, width, kind])).toEqual([
      [0, 0.5, "counted"],
      [0.5, 0.25, "cut"],
    ]);
    expect(pieces({ air: [], stretches: [stretch(0, 1, "cut")] })).toEqual([]);
  });

  it("asks for whole minutes and passes over roundings", () => {
    const own = {
      missing: [
        { from_ms: 0, until_ms: 90_000 },
        { from_ms: 5 * M, until_ms: 5 * M + 400 },
      ],
    };
    expect(missing(own)).toHaveLength(1);
    expect(missingMinutes(own)).toBe(2);
  });

  it("tells what was not counted and passes over roundings", () => {
    const short = { from_ms: 5, until_ms: 904, kind: "cut", reason: "beat.stalled" } as const;
    const own = { stretches: [stretch(0, 1, "counted"), stretch(1, 3, "void"), short, stretch(3, 4, "cut")] };
    expect(uncounted(own).map(({ kind }) => kind)).toEqual(["void", "cut"]);
  });

  it("goes from gap to gap and around", () => {
    const gaps = [
      { from_ms: 10 * M, until_ms: 12 * M },
      { from_ms: 50 * M, until_ms: 55 * M },
    ];
    expect(nextMissing(gaps, 0)).toBe(gaps[0]);
    expect(nextMissing(gaps, 12 * M)).toBe(gaps[1]);
    expect(nextMissing(gaps, 60 * M)).toBe(gaps[0]);
    expect(nextMissing([], 0)).toBeNull();
  });

  it("knows what was counted before", () => {
    const own = {
      stretches: [stretch(0, 10, "counted"), stretch(10, 12, "cut"), stretch(12, 14, "repaired")],
    };
    expect([5, 11, 13, 20].map((minute) => seen(own, minute * M))).toEqual([true, false, true, false]);
  });

  it("never rounds up to the share that is asked for", () => {
    expect(["0.799", "0.8", "1", "0.29"].map(percent)).toEqual([79, 80, 100, 29]);
  });
});
