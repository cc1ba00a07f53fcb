import { describe, expect, it } from "vitest";
import { actionsFor, commandOf, neighbour, pieces, successor } from "./desk";

const items = [{ id: "a" }, { id: "b" }, { id: "c" }];

describe("keys", () => {
  it("are the letters of the desk", () => {
    expect(["j", "a", "e", "?", "q"].map(commandOf)).toEqual(["next", "accept", "give_back", "help", null]);
  });
});

describe("an item", () => {
  it("that is held is approved or rejected, one that was reported kept or removed", () => {
    expect(actionsFor({ state: "held", reports: [] })).toEqual({
      accept: "approve",
      refuse: "reject",
      giveBack: "return",
    });
    const reports = [{ reason: "刷屏", at: "2026-09-16T02:00:00Z" }];
    expect(actionsFor({ state: "published", reports })).toEqual({
      accept: "restore",
      refuse: "remove",
      giveBack: null,
    });
  });

  it("that is decided has nothing left to do", () => {
    expect(actionsFor({ state: "published", reports: [] })).toBeNull();
    expect(actionsFor({ state: "rejected", reports: [] })).toBeNull();
  });
});

describe("the list", () => {
  it("goes on to the next item, and back to the one before at the end", () => {
    expect(neighbour(items, "a", 1)?.id).toBe("b");
    expect(neighbour(items, null, 1)?.id).toBe("a");
    expect(neighbour(items, "c", 1)).toBeNull();
    expect(successor(items, "b")?.id).toBe("c");
    expect(successor(items, "c")?.id).toBe("b");
    expect(successor([{ id: "a" }], "a")).toBeNull();
  });
});

describe("a text", () => {
  it("is cut at its marks", () => {
    expect(pieces("今天天气好", [[2, 4]])).toEqual([
      { text: "今天", marked: false },
      { text: "天气", marked: true },
      { text: "好", marked: false },
    ]);
  });

  it("counts an emoji as one place and lets marks overlap", () => {
    expect(
      pieces("😀坏话", [
        [1, 3],
        [2, 3],
      ]),
    ).toEqual([
      { text: "😀", marked: false },
      { text: "坏话", marked: true },
    ]);
  });

  it("without marks is one piece", () => {
    expect(pieces("好", [])).toEqual([{ text: "好", marked: false }]);
  });
});
