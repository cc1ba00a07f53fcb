import { describe, expect, it } from "vitest";

import { GUARD_MS, PresenceCheck, ring, ringText, tabTitle } from "./check";

function asked(answer_s = 120): PresenceCheck {
  return new PresenceCheck({ check: "k1", answer_s }, 10_000);
}

/** Runs the clock in quarter seconds and notes at which second something is spoken or sounds. */
function run(check: PresenceCheck, seconds: number): { spoken: number[]; tones: number[] } {
  const spoken: number[] = [];
  const tones: number[] = [];
  for (let t = 0; t <= seconds * 1000; t += 250) {
    const cue = check.cue(10_000 + t);
    if (cue.spoken_s !== null) spoken.push(cue.spoken_s);
    if (cue.tone) tones.push(t / 1000);
  }
  return { spoken, tones };
}

describe("presence check", () => {
  it("takes no answer in the first 800 ms", () => {
    const check = asked();
    expect(check.answerable(10_000 + GUARD_MS - 1)).toBe(false);
    expect(check.answerable(10_000 + GUARD_MS)).toBe(true);
  });

  it("is spoken at 120, 60 and 15 and sounds at 0, 60 and 105 seconds", () => {
    expect(run(asked(), 130)).toEqual({ spoken: [120, 60, 15], tones: [0, 60, 105] });
  });

  it("is spoken first with the whole time when it was extended to 300 seconds", () => {
    expect(run(asked(300), 300)).toEqual({ spoken: [300, 120, 60, 15], tones: [0, 240, 285] });
  });

  it("speaks only the nearest mark after the page was asleep", () => {
    const check = asked();
    check.cue(10_000);
    expect(check.cue(10_000 + 110_000)).toEqual({ remaining_s: 10, spoken_s: 15, tone: true });
  });

  it("stays open and silent when it was missed", () => {
    const check = asked();
    check.cue(10_000);
    check.miss({ from_ms: 1, until_ms: 2 });
    expect(check.cue(10_000 + 121_000)).toMatchObject({ remaining_s: 0, tone: false });
    expect(check.answerable(10_000 + 200_000)).toBe(true);
  });

  it("puts the number first in the tab title", () => {
    expect(tabTitle(120, "请确认仍在学习")).toBe("(120) 请确认仍在学习");
    expect(tabTitle(0, "请确认仍在学习")).toBe("请确认仍在学习");
  });

  it("draws the ring by what is left", () => {
    expect(ring(asked(), 10_000 + 30_000)).toBe(0.75);
    expect(ringText(120)).toBe("120");
    expect(ringText(300)).toBe("05:00");
  });
});
