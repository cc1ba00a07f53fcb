import { expect, it } from "vitest";
import type { Entry, Question } from "@/hours/types";
import { alertsOf } from "./alerts";
import type { OwnPost } from "./types";

const post = (given: Partial<OwnPost>): OwnPost => ({
  id: "p1",
  place: { id: "c1", title: "乡村治理" },
  text: "老师讲得好",
  state: "published",
  written_at: "2026-09-16T02:00:00Z",
  decision: null,
  review: null,
  ...given,
});
const decision = {
  id: "d1",
  kind: "abuse",
  basis: "art-12",
  reason: "有辱骂",
  at: "2026-09-16T03:00:00Z",
  review_until: null,
};
const entry = {
  id: "e1",
  at: "2026-09-17T00:00:00Z",
  kind: "credit",
  nature: "elective",
  hours: "2.0",
  activity: { kind: "class", id: "c1", title: "乡村治理", at: null },
} as Entry;

it("tells what was decided about a post, and nothing of a post that nobody decided on", () => {
  expect(alertsOf([post({})], [], [])).toEqual([]);
  expect(alertsOf([post({ state: "rejected", decision })], [], [])).toMatchObject([
    { text: "post_rejected" },
  ]);
});

it("tells the end of a review instead of the decision it was about", () => {
  const review = { state: "overturned" as const, reason: null };
  const alerts = alertsOf([post({ decision, review })], [], []);
  expect(alerts.map(({ text }) => text)).toEqual(["review_overturned"]);
});

it("goes on telling the decision while its review is open", () => {
  const review = { state: "open" as const, reason: null };
  const alerts = alertsOf([post({ state: "removed", decision, review })], [], []);
  expect(alerts.map(({ text }) => text)).toEqual(["post_removed"]);
});

it("has the newest first, whatever it is about", () => {
  const question = {
    id: "q1",
    text: "为什么",
    answer: { text: "因为", by: { id: "a", name: "李" }, at: "2026-09-16T12:00:00Z" },
  } as Question;
  const alerts = alertsOf([post({ state: "removed", decision })], [entry], [question]);
  expect(alerts.map(({ text }) => text)).toEqual(["hours_credit", "question_answered", "post_removed"]);
});
