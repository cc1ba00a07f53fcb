import { describe, expect, it } from "vitest";

import { airTime, buttons, keepsPage, studioLine } from "./studio";

function actions(...may: string[]): string[] {
  return buttons({ may }).map(({ action }) => action);
}

describe("studio", () => {
  it("keeps the order 开播, 课间休息, 继续, 结束, 断播 whatever the server's order", () => {
    expect(actions("cut", "end", "pause", "start")).toEqual(["start", "pause", "end", "cut"]);
    expect(actions("end", "resume")).toEqual(["resume", "end"]);
    expect(actions("watch", "speak")).toEqual([]);
  });

  it("asks before what cannot be taken back", () => {
    const asked = buttons({ may: ["start", "pause", "resume", "end", "cut"] }).filter((b) => b.confirm);
    expect(asked.map((b) => b.action)).toEqual(["end", "cut"]);
  });

  it("has at most one primary button", () => {
    for (const may of [
      ["open", "cancel"],
      ["rehearse", "start", "cancel"],
      ["pause", "end", "cut"],
      ["resume", "end"],
    ]) {
      expect(buttons({ may }).filter((b) => b.primary).length).toBeLessThanOrEqual(1);
    }
  });

  it("tells a lost line from a break", () => {
    expect(studioLine({ state: "on_air" }, true)).toBe("on_air");
    expect(studioLine({ state: "on_air" }, false)).toBe("lost");
    expect(studioLine({ state: "interrupted" }, true)).toBe("lost");
    expect(studioLine({ state: "paused" }, false)).toBe("paused");
    expect(studioLine({ state: "waiting" }, true)).toBe("ready");
    expect(studioLine({ state: "scheduled" }, false)).toBe("off");
    expect(studioLine({ state: "ended" }, true)).toBe("over");
  });

  it("keeps the page only while it is the source of a class", () => {
    expect(keepsPage({ state: "on_air" }, true)).toBe(true);
    expect(keepsPage({ state: "on_air" }, false)).toBe(false);
    expect(keepsPage({ state: "waiting" }, true)).toBe(false);
  });

  it("carries air time on only while on the air", () => {
    expect(airTime({ air_ms: 5_000, state: "on_air" }, 1_000, 61_000)).toBe(65_000);
    expect(airTime({ air_ms: 5_000, state: "on_air" }, 1_000, 900)).toBe(5_000);
    expect(airTime({ air_ms: 5_000, state: "paused" }, 1_000, 61_000)).toBe(5_000);
  });
});
