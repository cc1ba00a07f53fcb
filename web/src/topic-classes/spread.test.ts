import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SPREAD_MS, spread } from "./spread";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("acts once for all that was told until its own moment, and again for what is told later", () => {
  const act = vi.fn();
  const later = spread(act, () => 0.5);
  for (let told = 0; told < 3; told++) later.ask();
  vi.advanceTimersByTime(SPREAD_MS / 2 - 1);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(1);
  later.ask();
  vi.advanceTimersByTime(SPREAD_MS);
  expect(act).toHaveBeenCalledTimes(2);
});

it("acts no more once the page is left", () => {
  const act = vi.fn();
  const later = spread(act);
  later.ask();
  later.stop();
  vi.advanceTimersByTime(SPREAD_MS);
  expect(act).not.toHaveBeenCalled();
});
