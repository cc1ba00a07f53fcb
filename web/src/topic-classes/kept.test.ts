import { describe, expect, it } from "vitest";
import { begun, clashes, type Kept, mine, over, restored, theirs, typed } from "./kept";

interface Form {
  title: string;
  day: string;
  time: string;
  for: string[];
}

const GROUPS = [["title"], ["day", "time"], ["for"]] as const;
const SAVED: Form = { title: "甲班", day: "10", time: "09:00", for: [] };
const typing = (change: Partial<Form>): Kept<Form> => ({ ...begun(SAVED), form: { ...SAVED, ...change } });

describe("what I typed over what another saved meanwhile", () => {
  it("keeps mine where only I changed something, and takes theirs where only they did", () => {
    const now = over(typing({ title: "我题" }), { ...SAVED, time: "10:00", for: ["village"] }, GROUPS);
    expect(now.form).toEqual({ title: "我题", day: "10", time: "10:00", for: ["village"] });
    expect(clashes(now, GROUPS)).toEqual([]);
    expect(typed(now, GROUPS)).toEqual({ mine: { title: "我题" }, was: { title: "甲班" } });
  });

  it("has both of a moment stand against each other, though each changed another part of it", () => {
    const now = over(typing({ day: "11" }), { ...SAVED, time: "10:00" }, GROUPS);
    expect(now.form).toMatchObject({ day: "11", time: "09:00" });
    expect(clashes(now, GROUPS)).toEqual([["day", "time"]]);
  });

  it("is no clash where both say the same", () => {
    const now = over(typing({ title: "新题" }), { ...SAVED, title: "新题" }, GROUPS);
    expect([clashes(now, GROUPS), typed(now, GROUPS)]).toEqual([[], null]);
  });

  it("stays a clash through further changes and a reload, until one is chosen", () => {
    const first = over(typing({ title: "我题" }), { ...SAVED, title: "他题" }, GROUPS);
    const again = over(first, { ...SAVED, title: "他题", day: "12" }, GROUPS);
    const kept = typed(again, GROUPS);
    expect(kept).toEqual({ mine: { title: "我题" }, was: { title: "甲班" } });
    const reloaded = restored(kept ?? { mine: {}, was: {} }, again.newest, GROUPS);
    expect(clashes(reloaded, GROUPS)).toEqual([["title"]]);
    expect(clashes(mine(reloaded), GROUPS)).toEqual([]);
    expect(mine(reloaded).form).toMatchObject({ title: "我题", day: "12" });
  });

  it("is given up only where both changed, when theirs is chosen", () => {
    const both = over(typing({ title: "我题", for: ["village"] }), { ...SAVED, title: "他题" }, GROUPS);
    expect(theirs(both, GROUPS).form).toMatchObject({ title: "他题", for: ["village"] });
    expect(typed(theirs(both, GROUPS), GROUPS)).toEqual({ mine: { for: ["village"] }, was: { for: [] } });
  });

  it("goes against theirs even when I have put it back as it was", () => {
    const first = over(typing({ title: "我题" }), { ...SAVED, title: "他题" }, GROUPS);
    expect(clashes({ ...first, form: { ...first.form, title: "甲班" } }, GROUPS)).toEqual([["title"]]);
  });
});

it("comes back after a reload over what is saved then, without undoing another's change", () => {
  const kept = typed(typing({ title: "我题" }), GROUPS);
  const now = restored(kept ?? { mine: {}, was: {} }, { ...SAVED, day: "20" }, GROUPS);
  expect(now.form).toEqual({ ...SAVED, title: "我题", day: "20" });
  expect(clashes(now, GROUPS)).toEqual([]);
});
