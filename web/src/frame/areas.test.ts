import { expect, it } from "vitest";
import type { HeldRole, RoleName } from "@/net/types";
import { areaAt, areasOf, deskLinks } from "./areas";

function role(name: RoleName, scope: Partial<HeldRole> = {}): HeldRole {
  return { role: name, scope_kind: "unit", scope_id: "u1", scope_name: "合肥市", until: null, ...scope };
}

it("is one place for a learner, so there is nothing to switch", () => {
  expect(areasOf([role("learner")]).map((area) => area.name)).toEqual(["learner"]);
});

it("lists each place once, however many roles lead there", () => {
  const areas = areasOf([role("assistant"), role("lecturer"), role("moderator")]);
  expect(areas.map((area) => area.name)).toEqual(["learner", "teach", "desk"]);
});

it("opens the roster of the administrator's own unit, or of all", () => {
  expect(areasOf([role("sub_centre_admin")])[1]?.to).toBe("/centre/u1/roster");
  expect(areasOf([role("auditor", { scope_kind: "all", scope_id: null })])[1]?.to).toBe("/centre/all/roster");
});

it("lets the address decide, and falls back to the learner's place", () => {
  const areas = areasOf([role("lecturer"), role("moderator")]);
  expect(areaAt("/desk/items/1", areas).name).toBe("desk");
  expect(areaAt("/deskchair", areas).name).toBe("learner");
  expect(areaAt("/hours", areas).name).toBe("learner");
});

it("shows only the pages for which there is a power", () => {
  const [, desk] = areasOf([role("moderator")]);
  expect(desk && deskLinks(desk, (power) => power === "desk.see").map((link) => link.to)).toEqual([
    "/desk",
    "/desk/sanctions",
  ]);
});

it("leads a class teacher to the topic classes, and an administrator there by the desk of the centre", () => {
  const links = (held: HeldRole[]) => {
    const areas = areasOf(held);
    return deskLinks(areaAt("/classes/1/plan", areas), () => true).map((link) => link.to);
  };
  expect(areasOf([role("class_teacher")]).map((area) => area.name)).toEqual(["learner", "classes"]);
  expect(links([role("class_teacher")])).toEqual(["/classes"]);
  expect(links([role("sub_centre_admin")])).toContain("/centre/u1/roster");
  expect(links([role("sub_centre_admin")])).toContain("/classes");
});
