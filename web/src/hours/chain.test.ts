import { expect, it } from "vitest";
import { chainOf, joined, percent, strip } from "./chain";
import type { Stretch, Why } from "./types";

const at = (hhmm: string) => Date.parse(`2026-09-15T${hhmm}:00+08:00`);

function stretch(from: string, until: string, kind: Stretch["kind"], reason: string | null = null): Stretch {
  return { from_ms: at(from), until_ms: at(until), kind, reason };
}

/** On air 09:00–10:30, the tab hidden 09:30–09:50 (rules §9). */
const hidden: Why = {
  class: { id: "c", title: "基层治理", starts_at: "2026-09-15T01:00:00Z", planned_minutes: 90 },
  state: "assessed",
  air: [{ from_ms: at("09:00"), until_ms: at("10:30") }],
  air_minutes: 90,
  nominal_minutes: 90,
  verified_minutes: 70,
  repaired_minutes: 0,
  share: "0.7778",
  min_share: "0.8",
  full_share: "0.98",
  minutes_per_hour: 45,
  hours: "0",
  nominal_hours: "2.0",
  beats: { live: 361, replay: 0, refused: 0 },
  stretches: [
    stretch("09:00", "09:30", "counted"),
    stretch("09:30", "09:50", "cut", "beat.hidden"),
    stretch("09:50", "10:30", "counted"),
  ],
  missing: [{ from_ms: at("09:30"), until_ms: at("09:50") }],
  missing_minutes: 20,
  entries: [],
  policy_version: "2019-11-09",
  can_repair_until: null,
  counted_by: null,
};

it("gives nothing for now below the share, and names the cut with its reason", () => {
  const chain = chainOf(hidden);
  expect(chain.result).toBe("none");
  expect(chain.cuts).toEqual([
    { from_ms: at("09:30"), until_ms: at("09:50"), reason: "beat.hidden", minutes: 20, repaired: false },
  ]);
});

it("never rounds a share up to the threshold", () => {
  expect(chainOf(hidden).sharePercent).toBe("77%");
  expect(percent("0.7999")).toBe("79%");
  expect(percent("0.29")).toBe("29%");
});

it("is whole from the full share on and in proportion before it", () => {
  expect(chainOf({ ...hidden, share: "0.98" }).result).toBe("full");
  expect(chainOf({ ...hidden, share: "0.953" }).result).toBe("proportional");
});

it("counts a repaired stretch and its neighbours as one", () => {
  const repaired = [
    stretch("09:00", "09:30", "counted"),
    stretch("09:50", "10:30", "counted"),
    stretch("09:30", "09:50", "repaired"),
  ];
  expect(joined(repaired)).toEqual([{ from_ms: at("09:00"), until_ms: at("10:30") }]);
});

it("draws the stretches on the strip of the air time", () => {
  const { marks } = strip(hidden);
  expect(marks.map(({ left, width }) => [Math.round(left), Math.round(width)])).toEqual([
    [0, 33],
    [33, 22],
    [56, 44],
  ]);
});
