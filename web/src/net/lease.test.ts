import { beforeEach, expect, it } from "vitest";
import { Lease } from "./lease";

let now = 0;
const window = (name: string) => new Lease(localStorage, "lease", name, () => now);

beforeEach(() => {
  now = 1_000_000;
  localStorage.clear();
});

it("lets one window at a time, the same one as often as it asks", () => {
  const [here, there] = [window("a"), window("b")];
  expect([here.take(), there.take(), here.take()]).toEqual([true, false, true]);
  there.giveBack();
  expect(there.take()).toBe(false);
  here.giveBack();
  expect(there.take()).toBe(true);
});

it("is free again half a minute after its window was closed", () => {
  window("a").take();
  now += 29_999;
  expect(window("b").take()).toBe(false);
  now += 1;
  expect(window("b").take()).toBe(true);
});

it("is not held for years by a clock that was wrong", () => {
  now += 3_600_000;
  window("a").take();
  now -= 3_600_000;
  expect(window("b").take()).toBe(true);
});
