import { beforeEach, expect, it } from "vitest";
import { chosenOf, keptChoices } from "./kept-choices";

beforeEach(() => localStorage.clear());

it("takes from the address what narrows the list, and nothing else", () => {
  expect(chosenOf({ page: "2", sort: "waited", state: "held", kind: "thread" })).toEqual({
    kind: "thread",
    sort: "waited",
  });
});

it("keeps a choice of one name once, for its account, and the last ten", () => {
  const mine = keptChoices(localStorage, "a1");
  for (let number = 1; number <= 11; number++) mine.add({ name: `第 ${number}`, query: {} });
  mine.add({ name: "第 5", query: { kind: "class" } });
  const names = mine.all().map(({ name }) => name);
  expect([names.length, names[0], names[9]]).toEqual([10, "第 2", "第 5"]);
  expect(keptChoices(localStorage, "a2").all()).toEqual([]);
});
