import { describe, expect, it } from "vitest";

import { faultOf } from "./sources";

describe("sources", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "other"],
  ])("names %s as %s", (name, fault) => {
    expect(faultOf(new DOMException("", name))).toBe(fault);
  });

  it("names what is no error at all", () => {
    expect(faultOf(null)).toBe("other");
  });
});
