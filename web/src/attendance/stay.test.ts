import { describe, expect, it } from "vitest";

import { earns, elsewhere, moved, OPENING, opened, rested, spokenDevice, watchOnly } from "./stay";

const OTHER = { device: "办公电脑 Chrome", since: "2026-09-16T02:02:00Z" };
const HERE = opened({ stay: "s1", earning: true, other: null });
const THERE = opened({ stay: "s1", earning: false, other: OTHER });

describe("stay", () => {
  it("earns at once when no other device does", () => {
    expect(HERE).toEqual({ at: "earning", stay: "s1", resting: false });
    expect(elsewhere(HERE)).toBeNull();
  });

  it("waits for a choice while another device earns", () => {
    expect(THERE).toEqual({ at: "choosing", stay: "s1", other: OTHER });
    expect(earns(THERE)).toBe(false);
    expect(elsewhere(THERE)).toBe("办公电脑 Chrome");
  });

  it("earns here once it was taken over", () => {
    expect(earns(opened({ stay: "s1", earning: true, other: OTHER }))).toBe(true);
  });

  it("can only be watched without earning", () => {
    const watching = watchOnly(THERE);
    expect(watching).toEqual({ at: "watching", stay: "s1", device: "办公电脑 Chrome" });
    expect(watchOnly(HERE)).toBe(HERE);
  });

  it("is told when earning has moved to another device", () => {
    expect(moved(HERE, "s1", "手机 Safari")).toEqual({ at: "moved", stay: "s1", device: "手机 Safari" });
    expect(moved(HERE, "older", "手机 Safari")).toBe(HERE);
    expect(moved(OPENING, "s1", "手机 Safari")).toBe(OPENING);
  });

  it("rests only while it earns", () => {
    expect(rested(HERE, true)).toMatchObject({ resting: true });
    expect(rested(THERE, true)).toBe(THERE);
  });

  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
      "电脑 Chrome",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Version/19.0 Mobile/15E Safari/604.1",
      "手机 Safari",
    ],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "电脑 Edge"],
    ["Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0", "手机微信"],
    ["curl/8", "电脑"],
  ])("names the device of %s", (userAgent, name) => {
    expect(spokenDevice(userAgent, { phone: "手机", computer: "电脑" })).toBe(name);
  });
});
