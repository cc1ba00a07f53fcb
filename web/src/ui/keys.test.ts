import { beforeEach, expect, it } from "vitest";
import { letterOf } from "./keys";
import { setShortcuts } from "./preferences";

beforeEach(() => localStorage.clear());

it("takes a letter in either case", () => {
  expect([letterOf({ key: "j" }, null), letterOf({ key: "A" }, document.body)]).toEqual(["j", "a"]);
});

it("leaves letters to fields, dialogs, input methods and the browser", () => {
  document.body.innerHTML = '<textarea></textarea><div role="dialog"><button></button></div>';
  expect(letterOf({ key: "a" }, document.querySelector("textarea"))).toBeNull();
  expect(letterOf({ key: "/" }, document.querySelector("textarea"))).toBeNull();
  expect(letterOf({ key: "a" }, document.querySelector("button"))).toBeNull();
  expect(letterOf({ key: "a", isComposing: true }, document.body)).toBeNull();
  expect(letterOf({ key: "r", ctrlKey: true }, document.body)).toBeNull();
});

it("takes none where they are switched off", () => {
  setShortcuts(false);
  expect(letterOf({ key: "j" }, document.body)).toBeNull();
});
