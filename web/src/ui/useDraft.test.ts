import { beforeEach, expect, it } from "vitest";
import { effectScope, nextTick } from "vue";
import { useDraft, useDraftName } from "./useDraft";

function form() {
  const scope = effectScope();
  const made = scope.run(() => {
    const text = useDraft("f");
    return { text, name: useDraftName("f", [text]) };
  });
  return { ...(made as NonNullable<typeof made>), stop: () => scope.stop() };
}

beforeEach(() => localStorage.clear());

it("keeps its name over a reload, as long as the words are the same", async () => {
  const before = form();
  before.text.value = "周五开班";
  await nextTick();
  before.stop();
  const after = form();
  expect([after.text.value, after.name.value]).toEqual(["周五开班", before.name.value]);
});

it("has another name for other words, and for the next text once it was sent", () => {
  const { text, name } = form();
  const names = [name.value];
  for (const words of ["周五开班", "周六开班", ""]) {
    text.value = words;
    names.push(name.value);
  }
  expect(new Set(names).size).toBe(4);
});
