import { describe, expect, it } from "vitest";

import { choices } from "./quality";

const ONE = [{ index: 0, height: 720, kbps: 1500 }];
const THREE = [
  { index: 0, height: 240, kbps: 300 },
  { index: 1, height: 720, kbps: 1500 },
  { index: 2, height: 480, kbps: 800 },
];

describe("quality", () => {
  it("offers no size where there is only one", () => {
    expect(choices(ONE, 0, true).map(({ value }) => value)).toEqual(["auto", "stable"]);
    expect(choices(ONE, 0, false).map(({ value }) => value)).toEqual(["auto"]);
  });

  it("names the size shown and offers the largest first", () => {
    const offered = choices(THREE, 2, false);
    expect(offered[0]?.phrase).toEqual({ key: "live.player.auto_now", values: { n: 480 } });
    expect(offered.slice(1).map(({ value, phrase }) => [value, phrase.key])).toEqual([
      ["1", "live.player.high"],
      ["2", "live.player.standard"],
      ["0", "live.player.low"],
    ]);
  });

  it("is automatic before the first picture", () => {
    expect(choices([], -1, true)[0]?.phrase).toEqual({ key: "live.player.auto" });
  });
});
