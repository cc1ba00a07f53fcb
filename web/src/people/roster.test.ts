import { expect, it } from "vitest";
import { unitTree } from "./roster";

const unit = (id: string, parent: string | null) => ({ id, name: id, parent, is_sub_centre: true });

it("lists every unit below its parent", () => {
  const units = [unit("省", null), unit("芜湖", "省"), unit("合肥", "省"), unit("巢湖", "合肥")];
  expect(unitTree(units).map(({ label }) => label)).toEqual(["省", "　芜湖", "　合肥", "　　巢湖"]);
});

it("begins at the top that one may see, whatever is above it", () => {
  expect(unitTree([unit("合肥", "省"), unit("巢湖", "合肥")]).map(({ value }) => value)).toEqual([
    "合肥",
    "巢湖",
  ]);
});
