import { describe, expect, it } from "vitest";
import { comeAgain, LineLost, Refusal } from "./refusal";

describe("the same is sent again", () => {
  it("when no answer came, or the server can't just now", () => {
    expect(comeAgain(new LineLost())).toBe(true);
    expect(comeAgain(new Refusal({ code: "server.busy", status: 503 }))).toBe(true);
  });

  it("never when the answer is that it may not be", () => {
    expect(comeAgain(new Refusal({ code: "stay.unknown", status: 404 }))).toBe(false);
    expect(comeAgain(new Refusal({ code: "beat.too_often", status: 429 }))).toBe(false);
  });
});
