import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { dismiss, say, toasts } from "./toasts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it("stays 5 s, and 10 s where there is a way back", () => {
  say("已保存");
  say("已通过", { undo: () => {} });
  vi.advanceTimersByTime(5_000);
  expect(toasts.list.map(({ text }) => text)).toEqual(["已通过"]);
  vi.advanceTimersByTime(5_000);
  expect(toasts.list).toEqual([]);
});

it("goes when it is dismissed, and never more than three are shown", () => {
  const first = say("一");
  dismiss(first);
  expect(toasts.list).toEqual([]);
  for (const text of ["二", "三", "四", "五"]) say(text);
  expect(toasts.list.map(({ text }) => text)).toEqual(["三", "四", "五"]);
});
