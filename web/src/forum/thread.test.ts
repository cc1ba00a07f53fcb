import { describe, expect, it } from "vitest";
import { changeable, excerptOf, lastOf, merged, nearest, numberOf, unreadOf, without } from "./thread";
import type { ForumPost } from "./types";

const post = (number: number, text = `第 ${number} 条`): ForumPost => ({
  id: `p${number}`,
  draft: null,
  author: { id: "a1", name: "王芳", unit: "合肥市", role: "learner" },
  text,
  html: `<p>${text}</p>`,
  number,
  quotes: null,
  written_at: "2026-09-16T02:00:00Z",
  edited_at: null,
  state: "published",
  version: 1,
  marks: [],
  pictures: [],
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

describe("a link into a thread", () => {
  it("names the number of a post", () => {
    expect([numberOf("#post-12"), numberOf("#main"), numberOf("#post-0"), numberOf("")]).toEqual([
      12,
      null,
      null,
      null,
    ]);
  });

  it("to a post that is not to be seen leads to the next one, or to the last", () => {
    const posts = [post(3), post(5)];
    expect(nearest(posts, 4)?.number).toBe(5);
    expect(nearest(posts, 9)?.number).toBe(5);
    expect(nearest([], 1)).toBeNull();
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
