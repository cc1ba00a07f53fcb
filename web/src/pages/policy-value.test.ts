import { expect, it } from "vitest";
import { policyValue } from "./policy-value";

const words: Record<string, string> = {
  hour: "学时",
  day: "天",
  minute: "分钟",
  outside: "不纳入当年考核",
  no: "否",
};
Object.assign(words, { unlimited: "不限", officials: "公务员", not_excellent: "当年未完成" });
const word = (name: string) => words[name] ?? null;
const show = (value: string, unit: string) => policyValue({ value, unit }, word);

it("shows figures with their unit, shares as per cent", () => {
  expect(show("50", "hour")).toBe("50 学时");
  expect(show("0.8", "share")).toBe("80%");
  expect(show("20, 30", "minute")).toBe("20–30 分钟");
});

it("shows days of the calendar as they are and lengths in days with the word", () => {
  expect(show("10-31", "day")).toBe("10-31");
  expect(show("15", "day")).toBe("15 天");
});

it("shows choices by their word", () => {
  expect(show("outside", "choice")).toBe("不纳入当年考核");
  expect(show("False", "choice")).toBe("否");
  expect(show("Asia/Shanghai", "zone")).toBe("Asia/Shanghai");
});

it("shows what is not limited, and names the cases of a table", () => {
  expect(show("", "hour")).toBe("不限");
  expect(show("officials: not_excellent: 不得确定为“优秀”", "word")).toBe(
    "公务员: 当年未完成: 不得确定为“优秀”",
  );
});
