import { describe, expect, it } from "vitest";
import zh from "@/words/zh-CN";
import { type Notice, placeOf, textOf, wordsOf } from "./notice";

const notice = (code: string, kind: string, data: Record<string, unknown> = {}): Notice => ({
  id: "n1",
  code,
  subject: { kind, id: "x1" },
  data,
  at: "2026-09-16T02:00:00Z",
  read: false,
});

const told = [
  notice("class.soon", "class"),
  notice("class.cancelled", "class"),
  notice("class.moved", "class"),
  notice("recording.ready", "class"),
  notice("attendance.missing", "class"),
  notice("hours.credited", "entry", { kind: "credit" }),
  notice("hours.credited", "entry", { kind: "revocation" }),
  notice("hours.credited", "entry", { kind: "correction" }),
  notice("question.answered", "question"),
  notice("thread.replied", "thread"),
  notice("thread.answered", "answer"),
  notice("post.published", "post"),
  notice("post.rejected", "post"),
  notice("post.removed", "post"),
  notice("post.returned", "post"),
  notice("review.confirmed", "post"),
  notice("review.overturned", "post"),
  notice("sanction.begun", "sanction", { kind: "warning" }),
  notice("sanction.begun", "sanction", { kind: "pause" }),
  notice("sanction.begun", "sanction", { kind: "exclusion" }),
  notice("exemption.given", "year"),
  notice("exemption.withdrawn", "year"),
  notice("device.added", "session"),
  notice("password.changed", "session", { own: true }),
  notice("password.changed", "session", { own: false }),
];

describe("a notice", () => {
  it.each(told)("has words for $code $data", (each) => {
    const key = wordsOf(each).replace("notice.", "");
    expect((zh.notice as Record<string, string>)[key]).toBeTruthy();
  });

  it("writes times and hours as the screens do", () => {
    const figures: Record<string, unknown>[] = [];
    const t = (key: string, given?: Record<string, unknown>) => {
      if (given) figures.push(given);
      return key;
    };
    textOf(
      notice("attendance.missing", "class", {
        minutes: 20,
        hours_if_repaired: "2",
        until: "2026-10-31T06:30:00Z",
      }),
      t,
    );
    expect(figures[0]).toMatchObject({ minutes: 20, hours_if_repaired: "2.0", until: "10 月 31 日 14:30" });
  });

  it.each([
    ["attendance.missing", "class", "/live/x1/replay"],
    ["class.moved", "class", "/live/x1"],
    ["hours.credited", "entry", "/hours/entries/x1"],
    ["review.confirmed", "post", "/me/posts"],
    ["exemption.given", "year", "/hours?year=x1"],
    ["device.added", "session", "/me/devices"],
    ["thread.replied", "thread", "/forum/threads/x1#post-7"],
    ["thread.answered", "answer", "/forum/threads/t1#post-7"],
    ["later.thing", "unheard_of", null],
  ])("of %s about a %s leads to %s", (code, kind, to) => {
    expect(placeOf(notice(code, kind, { thread: "t1", number: 7 }))).toBe(to);
  });
});
