import { describe, expect, it } from "vitest";

import { blank, body, formOf, type PlanForm, staff, staffChanged, wrong } from "./plan";

const LI = { id: "li", name: "李明远" };

function filled(change: Partial<PlanForm> = {}): PlanForm {
  return { ...blank(), title: " 乡村治理 ", lecturer: LI, day: "2026-09-16", time: "09:00", ...change };
}

describe("plan", () => {
  it("names all that is missing by the field of the API", () => {
    expect(Object.keys(wrong({ ...blank(), minutes: null }))).toEqual([
      "title",
      "lecturer",
      "starts_at",
      "planned_minutes",
    ]);
    expect(wrong(filled())).toEqual({});
    expect(Object.keys(wrong(filled({ minutes: 481 })))).toEqual(["planned_minutes"]);
  });

  it("sends the begin as an instant, whatever the zone of the computer", () => {
    expect(body(filled({ topic: "基层治理" }))).toEqual({
      title: "乡村治理",
      lecturer: "li",
      family: "theory",
      topic: "基层治理",
      starts_at: "2026-09-16T01:00:00.000Z",
      planned_minutes: 90,
      audience_unit: null,
      speaking: true,
      mode: "trust",
    });
  });

  it("names lecturers and assistants apart", () => {
    const chen = { id: "chen", name: "陈立" };
    expect(staff(filled({ assistants: [chen] }))).toEqual({ lecturers: ["li"], assistants: ["chen"] });
  });

  it("names the staff anew only when somebody came or went", () => {
    const [chen, li] = [
      { id: "chen", name: "陈立" },
      { id: "wu", name: "吴昊" },
    ];
    const known = { staff: [chen, li] } as never;
    expect(staffChanged(filled({ assistants: [li, chen] }), known)).toBe(false);
    expect(staffChanged(filled({ assistants: [li] }), known)).toBe(true);
    expect(staffChanged(filled(), null)).toBe(false);
  });

  it("comes back as it was sent", () => {
    const form = filled({ audience: "u1", speaking: false, mode: "before", title: "乡村治理" });
    const view = {
      ...body(form),
      lecturer: { ...LI, title: null },
      staff: [],
      audience_unit: { id: "u1", name: "合肥市" },
    };
    expect(formOf(view as never)).toEqual(form);
  });
});
