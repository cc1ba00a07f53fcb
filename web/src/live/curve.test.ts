import { describe, expect, it } from "vitest";

import { curve } from "./curve";

describe("curve", () => {
  it("fills the box from the first minute to the last and up to the most people", () => {
    const drawn = curve(
      [
        { at_ms: 1_000, here: 0, earning: 0 },
        { at_ms: 61_000, here: 40, earning: 20 },
        { at_ms: 121_000, here: 20, earning: 10 },
      ],
      200,
      100,
    );
    expect(drawn).toEqual({
      here: "0.0,100.0 100.0,0.0 200.0,50.0",
      earning: "0.0,100.0 100.0,50.0 200.0,75.0",
      most: 40,
    });
  });

  it("is empty without points and flat with one", () => {
    expect(curve([], 10, 10)).toEqual({ here: "", earning: "", most: 0 });
    expect(curve([{ at_ms: 5, here: 0, earning: 0 }], 10, 10).here).toBe("0.0,10.0");
  });
});
