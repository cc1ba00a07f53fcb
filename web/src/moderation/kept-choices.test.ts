import { beforeEach, expect, it } from "vitest";
import { chosenOf, keptChoices, keyOf } from "./kept-choices";

beforeEach(() => localStorage.clear());

it("takes from the address what narrows the list, and nothing else", () => {
  expect(chosenOf({ page: "2", sort: "waited", state: "held", kind: "thread" })).toEqual({
    kind: "thread",
    sort: "waited",
  });
});

it("knows a choice again in whatever order the address has it", () => {
  expect(keyOf({ sort: "waited", kind: "thread", page: "2" })).toBe(
    keyOf({ kind: "thread", sort: "waited" }),
  );
});

it("keeps a choice once, for its account, and the last ten", () => {
  const mine = keptChoices(localStorage, "a1");
  for (let number = 1; number <= 11; number++) mine.add({ query: { place: `p${number}` } });
  mine.add({ query: { place: "p5" }, place: "学习体会" });
  const places = mine.all().map(({ query }) => query.place);
  expect([places.length, places[0], mine.all()[9]]).toEqual([
    10,
    "p2",
    { query: { place: "p5" }, place: "学习体会" },
  ]);
  expect(keptChoices(localStorage, "a2").all()).toEqual([]);
});

it("keeps two places of one name apart, and lets one of them go", () => {
  const mine = keptChoices(localStorage, "a1");
  for (const place of ["p1", "p2"]) mine.add({ query: { place }, place: "学习体会" });
  expect(mine.drop({ place: "p1" }).map(({ query }) => query.place)).toEqual(["p2"]);
});
