import { describe, expect, it } from "vitest";

import { calendar } from "./calendar";

const CLASS = {
  id: "k1",
  title: "乡村治理，案例; 讨论",
  starts_at: "2026-09-16T01:00:00Z",
  planned_minutes: 90,
};

describe("calendar", () => {
  it("holds begin, end and title", () => {
    const lines = calendar(CLASS, "https://academy/live/k1", 0).split("\r\n");
    expect(lines).toContain("DTSTART:20260916T010000Z");
    expect(lines).toContain("DTEND:20260916T023000Z");
    expect(lines).toContain("SUMMARY:乡村治理，案例\\; 讨论");
    expect(lines).toContain("URL:https://academy/live/k1");
  });

  it("folds lines at 75 octets without cutting a character", () => {
    const text = calendar({ ...CLASS, title: "治".repeat(60) }, "https://academy/live/k1", 0);
    const octets = text.split("\r\n").map((line) => new TextEncoder().encode(line).length);
    expect(Math.max(...octets)).toBeLessThanOrEqual(75);
    expect(text.replace(/\r\n /g, "")).toContain("治".repeat(60));
  });
});
