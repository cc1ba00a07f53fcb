import { expect, it } from "vitest";
import { Refusal } from "@/net/refusal";
import { refusalText } from "./refusal-text";

it("puts the server's data into the words, times as times of day", () => {
  const muted = new Refusal({ code: "mute.active", data: { until: "2026-09-18T02:00:00Z" } }, 409);
  expect(refusalText(muted)).toBe("您的发言已暂停至 9 月 18 日 10:00，学习和学时不受影响。");
});

it("says something useful also for a code that it does not know", () => {
  expect(refusalText(new Refusal({ code: "new.code" }, 429))).toContain("过于频繁");
  expect(refusalText(new Refusal({ code: "new.code" }, 503))).toContain("抱歉");
  expect(refusalText(new Refusal({ code: "new.code" }, 413))).toContain("填写的内容有误");
});
