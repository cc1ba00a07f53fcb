import { expect, it } from "vitest";
import { basisOf, chineseNumber } from "./basis";

it("writes the number of an article as the regulation does", () => {
  expect([1, 9, 10, 12, 20, 21].map(chineseNumber)).toEqual(["一", "九", "十", "十二", "二十", "二十一"]);
});

it("links an article and a clause of our own rules to their place", () => {
  expect(basisOf("art-12", "zh-CN")).toEqual({ kind: "article", number: "十二", to: "/regulation#art-12" });
  expect(basisOf("art-12", "en")).toMatchObject({ number: "12" });
  expect(basisOf("policy-live_min_ratio", "zh-CN")).toEqual({
    kind: "policy",
    field: "live_min_ratio",
    to: "/policy#policy-live_min_ratio",
  });
});
