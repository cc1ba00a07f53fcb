import { expect, it } from "vitest";
import { named, pageOf } from "./roster";

const PEOPLE = [
  { name: "王芳", unit: "合肥市" },
  { name: "李娜", unit: "芜湖市教育局" },
];

it("finds people by name or unit, everybody where nothing is asked", () => {
  expect(named(PEOPLE, " 芜湖 ").map(({ name }) => name)).toEqual(["李娜"]);
  expect(named(PEOPLE, "王")).toHaveLength(1);
  expect(named(PEOPLE, "")).toHaveLength(2);
});

it("gives the nearest page there is for an address that asks for nonsense", () => {
  const rows = Array.from({ length: 7 }, (_, index) => index);
  expect(pageOf(rows, "2", 3)).toEqual({ page: 2, rows: [3, 4, 5] });
  expect(pageOf(rows, "99", 3)).toEqual({ page: 3, rows: [6] });
  expect(pageOf(rows, "x", 3).page).toBe(1);
  expect(pageOf([], "1")).toEqual({ page: 1, rows: [] });
});
