import { expect, it } from "vitest";
import { placesChanges, placesOf, placesShown } from "./places";
import type { TopicClass } from "./types";

const SAVED = {
  self_enrolment: true,
  capacity: 30,
  categories: ["village", "officials"],
} as unknown as TopicClass;

it("sends only what was changed, whatever the order of the ticks", () => {
  const form = placesOf(SAVED);
  expect(placesChanges({ ...form, categories: ["village", "officials"] }, SAVED)).toEqual({});
  expect(placesChanges({ ...form, places: " " }, SAVED)).toEqual({ capacity: null });
  expect(placesChanges({ ...form, open: false, categories: [] }, SAVED)).toEqual({
    self_enrolment: false,
    categories: [],
  });
});

it("reads in words", () => {
  const form = placesOf(SAVED);
  expect((["open", "places", "categories"] as const).map((field) => placesShown(field, form))).toEqual([
    "可报名",
    "30",
    "党政干部、村（社区）基层干部",
  ]);
});
