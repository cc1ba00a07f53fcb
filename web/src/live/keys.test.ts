import { beforeEach, describe, expect, it } from "vitest";

import { command } from "./keys";

const NONE = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };

function pressed(key: string, on = "body", change = {}): ReturnType<typeof command> {
  return command({ ...NONE, key, target: document.querySelector(on), ...change });
}

beforeEach(() => {
  document.body.innerHTML =
    '<textarea></textarea><input type="checkbox"><button>x</button><div role="slider"></div><div role="dialog"><p></p></div>';
});

describe("keys", () => {
  it("work in either case where nothing else has the focus", () => {
    expect([pressed("k"), pressed("K"), pressed(" "), pressed("End"), pressed("/"), pressed("?")]).toEqual([
      "toggle",
      "toggle",
      "toggle",
      "live",
      "chat",
      "help",
    ]);
    expect(pressed("x")).toBeNull();
  });

  it("are off in text fields and in dialogs", () => {
    expect(pressed("k", "textarea")).toBeNull();
    expect(pressed("k", "[role=dialog] p")).toBeNull();
    expect(pressed("k", "input")).toBe("toggle");
  });

  it("leave space to a button and arrows to a slider", () => {
    expect(pressed(" ", "button")).toBeNull();
    expect(pressed("m", "button")).toBe("mute");
    expect(pressed("ArrowLeft", "[role=slider]")).toBeNull();
  });

  it("never take a shortcut of the browser or a key that composes", () => {
    expect(pressed("f", "body", { ctrlKey: true })).toBeNull();
    expect(pressed("a", "body", { isComposing: true })).toBeNull();
  });

  it("can be switched off as far as they are single characters", () => {
    expect(command({ ...NONE, key: "m", target: document.body }, false)).toBeNull();
    expect(command({ ...NONE, key: "End", target: document.body }, false)).toBe("live");
  });
});
