import { describe, expect, it } from "vitest";

import { Stalls } from "./stalls";

describe("stalls", () => {
  it("asks for the stable mode at the second stall within a minute", () => {
    const stalls = new Stalls();
    expect([stalls.note(0), stalls.note(59_000), stalls.total]).toEqual([false, true, 2]);
  });

  it("forgives one stall a minute", () => {
    const stalls = new Stalls();
    expect([stalls.note(0), stalls.note(60_000), stalls.note(130_000)]).toEqual([false, false, false]);
  });

  it("begins to count anew after it has asked", () => {
    const stalls = new Stalls();
    stalls.note(0);
    stalls.note(1);
    expect(stalls.note(2)).toBe(false);
  });

  it("blames no line for what stopped at its source", () => {
    const stalls = new Stalls();
    stalls.note(0);
    stalls.forgive();
    expect(stalls.note(1)).toBe(false);
  });

  it("reports each stall once", () => {
    const stalls = new Stalls();
    stalls.note(0);
    stalls.note(70_000);
    expect([stalls.sinceReport(), stalls.sinceReport(), stalls.total]).toEqual([2, 0, 2]);
  });
});
