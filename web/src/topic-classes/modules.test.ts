import { expect, it } from "vitest";
import type { ClassView } from "@/net/types";
import { addable, asWished, isOutside, marked, moved, wishOf, without } from "./modules";
import type { TopicModule } from "./types";

const LIST = ["a", "b", "c"].map((class_id) => ({ class_id, needed: true }));
const order = (list: { class_id: string }[]) => list.map(({ class_id }) => class_id).join("");

it("moves a module one place, and never past the ends", () => {
  expect(order(moved(LIST, "b", -1))).toBe("bac");
  expect(order(moved(LIST, "b", 1))).toBe("acb");
  expect(order(moved(LIST, "a", -1))).toBe("abc");
  expect(order(moved(LIST, "c", 1))).toBe("abc");
  expect(order(moved(LIST, "nobody", 1))).toBe("abc");
});

it("takes one out and marks one without touching the others", () => {
  expect(order(without(LIST, "b"))).toBe("ac");
  expect(marked(LIST, "b", false).map(({ needed }) => needed)).toEqual([true, false, true]);
});

it("sends of the discussion what is chosen, not what follows from it", () => {
  const wish = wishOf({ version: 3, items: [], discussion: { place: 2, needed: true, asked: 1 } });
  expect(wish).toEqual({ modules: [], discussion: { place: 2, needed: true } });
});

it("shows the modules as they will be; one that is not known yet comes with the answer", () => {
  const known = LIST.map((each) => ({ ...each, title: each.class_id })) as unknown as TopicModule[];
  const wish = { modules: [...marked(moved(LIST, "a", 1), "a", false), { class_id: "d", needed: true }] };
  const shown = asWished(known, { ...wish, discussion: null });
  expect(shown.map(({ title, needed }) => [title, needed])).toEqual([
    ["b", true],
    ["a", false],
    ["c", true],
  ]);
});

it("says which live class nobody could complete, as it is before or after the topic class", () => {
  const span = { begins_at: "2026-09-10T01:00:00Z", ends_at: "2026-09-20T01:00:00Z" };
  const at = (starts_at: string, state = "scheduled") =>
    isOutside({ starts_at, planned_minutes: 60, state } as TopicModule, span);
  expect([at("2026-09-10T00:59:00Z"), at("2026-09-10T01:00:00Z")]).toEqual([true, false]);
  expect([at("2026-09-20T00:00:00Z"), at("2026-09-20T00:01:00Z")]).toEqual([false, true]);
  expect(at("2026-10-01T00:00:00Z", "cancelled")).toBe(false);
});

it("offers only what is mine or mine to plan, has not begun and is no module yet", () => {
  const lesson = (id: string, change: Partial<ClassView> = {}) =>
    ({
      id,
      state: "scheduled",
      lecturer: { id: "other", name: "", title: null },
      staff: [],
      may: [],
      ...change,
    }) as unknown as ClassView;
  const found = [
    lesson("taught", { lecturer: { id: "me", name: "", title: null } }),
    lesson("assisted", { staff: [{ id: "me", name: "" }] }),
    lesson("planned", { may: ["edit"] }),
    lesson("foreign"),
    lesson("over", { may: ["edit"], state: "ended" }),
    lesson("taken", { may: ["edit"] }),
  ];
  expect(addable(found, [{ class_id: "taken" }], "me").map(({ id }) => id)).toEqual([
    "taught",
    "assisted",
    "planned",
  ]);
});
