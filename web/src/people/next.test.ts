import { expect, it } from "vitest";
import { nextPath } from "./next";

it("leads back to where one was, query and all", () => {
  expect(nextPath("/live/1/room?t=3#post-2")).toBe("/live/1/room?t=3#post-2");
});

it("never leads to another site", () => {
  for (const away of [
    "https://example.org/",
    "//example.org",
    "/\\example.org",
    "javascript:alert(1)",
    undefined,
  ]) {
    expect(nextPath(away)).toBe("/home");
  }
});

it("does not lead back to the sign-in itself", () => {
  expect(nextPath("/sign-in?next=/hours")).toBe("/home");
});
