import { afterEach, describe, expect, it } from "vitest";
import { words } from "@/words";
import { clock, clockSeconds, day, duration, hours, isoDay, isoMoment, minutes, moment } from "./format";

afterEach(() => {
  words.global.locale.value = "zh-CN";
});

describe("a time", () => {
  it("is Beijing time wherever this computer stands", () => {
    expect(clock("2026-09-16T06:30:00Z")).toBe("14:30");
    expect(moment("2026-09-16T06:30:00Z")).toBe("9 月 16 日 14:30");
    expect(clockSeconds("2026-09-16T06:30:05Z")).toBe("14:30:05");
  });

  it("turns the day and the year at Beijing's midnight", () => {
    expect(isoDay("2026-12-31T16:00:00Z")).toBe("2027-01-01");
    expect(isoMoment("2026-12-31T15:59:59Z")).toBe("2026-12-31 23:59");
  });

  it("is written in English where English is spoken", () => {
    words.global.locale.value = "en";
    expect(day("2026-09-16T06:30:00Z")).toBe("Sep 16");
  });
});

describe("a figure", () => {
  it("of hours has one decimal and is never rounded up", () => {
    expect(hours("31.6")).toBe("31.6");
    expect(hours("49.99")).toBe("49.9");
    expect(hours("0.3")).toBe("0.3");
    expect(hours("-4")).toBe("-4.0");
    expect(hours("-0.25")).toBe("-0.2");
  });

  it("of minutes is cut at one decimal", () => {
    expect(minutes(19.98)).toBe("19.9");
    expect(minutes(90)).toBe("90");
  });

  it("of a length is minutes and seconds, hours only where there are some", () => {
    expect(duration(2300)).toBe("38:20");
    expect(duration(3725.9)).toBe("1:02:05");
    expect(duration(-1)).toBe("00:00");
  });
});
