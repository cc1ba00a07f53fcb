import { beforeEach, describe, expect, it } from "vitest";

import { Draft, uuid } from "./drafts";

beforeEach(() => localStorage.clear());

describe("draft", () => {
  it("is kept for one account and one class", () => {
    new Draft(localStorage, "wang", "k1").write("写到一半");
    expect(new Draft(localStorage, "wang", "k1").read()).toBe("写到一半");
    expect(new Draft(localStorage, "li", "k1").read()).toBe("");
    expect(new Draft(localStorage, "wang", "k2").read()).toBe("");
  });

  it("is removed when the text is empty", () => {
    const draft = new Draft(localStorage, "wang", "k1");
    draft.write("x");
    draft.write("");
    expect(localStorage.length).toBe(0);
  });

  it("does without a store that is forbidden", () => {
    const refuse = (): never => {
      throw new DOMException("", "SecurityError");
    };
    const draft = new Draft({ getItem: refuse, setItem: refuse, removeItem: refuse }, "wang", "k1");
    draft.write("x");
    expect(draft.read()).toBe("");
  });
});

describe("uuid", () => {
  it("has version 4 and the variant of RFC 9562", () => {
    expect(uuid(new Uint8Array(16).fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
    expect(uuid()).not.toBe(uuid());
  });
});
