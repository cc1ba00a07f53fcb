import { describe, expect, it } from "vitest";
import { changeable, excerptOf, lastOf, merged, unreadOf, without } from "./thread";
import type { ForumPost } from "./types";

const post = (number: number, text = `第 ${number} 条`): ForumPost => ({
  id: `p${number}`,
  author: { id: "a1", name: "王芳", unit: "合肥市", role: "learner" },
  text,
  html: `<p>${text}</p>`,
  number,
  quotes: null,
  written_at: "2026-09-16T02:00:00Z",
  edited_at: null,
  state: "published",
  version: 1,
});

describe("the posts of a thread", () => {
  it("stand in the order of their numbers, each once", () => {
    const held = merged([post(1), post(2)], [post(4), post(3), post(2)]);
    expect(held.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it("are replaced by what was changed", () => {
    expect(merged([post(1)], [post(1, "改过")])[0]?.text).toBe("改过");
  });

  it("go when they are no longer for this reader", () => {
    expect(without([post(1), post(2)], 1).map(({ number }) => number)).toEqual([2]);
  });

  it("end with the highest number", () => {
    expect([lastOf([]), lastOf([post(1), post(7)])]).toEqual([0, 7]);
  });
});

describe("a thread in a list", () => {
  it("tells what is unread, and nothing of a thread that was never opened", () => {
    expect(unreadOf({ read: 3, newest: 10 })).toBe(7);
    expect(unreadOf({ read: 10, newest: 10 })).toBe(0);
    expect(unreadOf({ read: 0, newest: 10 })).toBeNull();
  });
});

describe("a quotation", () => {
  it("is the beginning of the post on one line", () => {
    expect(excerptOf("一\n\n二  三")).toBe("一 二 三");
    expect(excerptOf("长".repeat(80))).toBe(`${"长".repeat(60)}…`);
  });
});

describe("a post", () => {
  it.each(["published", "held", "blocked"] as const)("that is %s may be changed", (state) => {
    expect(changeable({ state })).toBe(true);
  });
  it.each(["rejected", "removed", "withdrawn"] as const)("that is %s may not", (state) => {
    expect(changeable({ state })).toBe(false);
  });
});
