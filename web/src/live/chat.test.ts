import { beforeEach, describe, expect, it } from "vitest";

import { CAP, ChatLog } from "./chat";
import type { PostView } from "./types";

const ME = { id: "me", name: "王芳", unit: "合肥市", role: "learner" } as const;
const ZHANG = { id: "zhang", name: "张伟", unit: "芜湖市", role: "learner" } as const;
const LI = { id: "li", name: "李教授", unit: null, role: "lecturer" } as const;

function post(id: string, change: Partial<PostView> = {}): PostView {
  const written_at = `2026-09-16T02:00:${id.padStart(2, "0")}Z`;
  return {
    id,
    draft: null,
    author: ZHANG,
    text: `text ${id}`,
    written_at,
    at_ms: null,
    state: "published",
    ...change,
  };
}

let log: ChatLog;

function shown(): [string, string][] {
  return log.entries().map((entry) => [entry.text, entry.state]);
}

beforeEach(() => {
  log = new ChatLog(ME.id);
});

describe("chat", () => {
  it("shows mine at once and the server's word on it afterwards", () => {
    log.sending("d1", "hello", "2026-09-16T02:00:00Z", ME);
    expect(shown()).toEqual([["hello", "sending"]]);
    log.written("d1", { post: "p1", state: "held" });
    expect(shown()).toEqual([["hello", "held"]]);
    log.published(post("p1", { draft: "d1", author: ME, text: "hello" }));
    expect(shown()).toEqual([["hello", "published"]]);
    expect(log.entries()[0]?.key).toBe("d1");
  });

  it("keeps a message published that is announced before its own answer", () => {
    log.sending("d1", "hello", "2026-09-16T02:00:00Z", ME);
    log.published(post("p1", { draft: "d1", author: ME, text: "hello" }));
    log.written("d1", { post: "p1", state: "published" });
    expect(shown()).toEqual([["hello", "published"]]);
  });

  it("knows a repeated event and a new one apart", () => {
    expect(log.published(post("1"))).toBe(true);
    expect(log.published(post("1"))).toBe(false);
    expect(shown()).toHaveLength(1);
  });

  it("keeps blocked text with its marks for its author", () => {
    log.sending("d1", "some words", "2026-09-16T02:00:00Z", ME);
    log.written("d1", { post: "p1", state: "blocked", marks: [[0, 4]], category: "attack" });
    expect(log.entries()[0]).toMatchObject({ state: "blocked", marks: [[0, 4]], kind: "attack" });
    expect(log.take("d1")).toBe("some words");
    expect(log.entries()).toEqual([]);
  });

  it("tells a decision with its reason", () => {
    log.reset([post("1", { author: ME, state: "held" })]);
    log.decided({ post: "1", state: "rejected", kind: "off_topic", basis: "art-12", reason: "与课程无关" });
    expect(log.entries()[0]).toMatchObject({ state: "rejected", kind: "off_topic", reason: "与课程无关" });
  });

  it("takes a removed message from every screen but tells its author", () => {
    log.reset([post("1"), post("2", { author: ME })]);
    log.removed("1");
    log.removed("2");
    expect(shown()).toEqual([["text 2", "removed"]]);
  });

  it("covers what learners wrote since then and leaves the lecturer's words", () => {
    log.reset([post("1"), post("30"), post("31", { author: LI }), post("32", { author: ME })]);
    log.covered("2026-09-16T02:00:20Z");
    expect(shown()).toEqual([
      ["text 1", "published"],
      ["text 31", "published"],
      ["text 32", "held"],
    ]);
  });

  it("replaces all but my unsent texts by a fresh snapshot", () => {
    log.reset([post("1"), post("2")]);
    log.sending("d1", "unsent", "2026-09-16T02:00:40Z", ME);
    log.waiting("d1");
    log.sending("d2", "arrived", "2026-09-16T02:00:41Z", ME);
    log.reset([post("2"), post("41", { author: ME, draft: "d2", text: "arrived" })]);
    expect(shown()).toEqual([
      ["text 2", "published"],
      ["unsent", "waiting"],
      ["arrived", "published"],
    ]);
    expect(log.unsent().map((entry) => entry.key)).toEqual(["d1"]);
  });

  it("never shows a held message of somebody else", () => {
    log.reset([post("1", { state: "held" })]);
    expect(log.entries()).toEqual([]);
  });

  it("puts older posts in front", () => {
    log.reset([post("30")]);
    log.prepend([post("1"), post("2")]);
    expect(log.entries().map((entry) => entry.post)).toEqual(["1", "2", "30"]);
  });

  it("keeps the newest three hundred", () => {
    for (let n = 0; n < CAP + 10; n += 1)
      log.published(post(`n${n}`, { written_at: "2026-09-16T02:00:00Z" }));
    expect(log.entries()).toHaveLength(CAP);
    expect(log.entries()[0]?.post).toBe("n10");
  });
});
