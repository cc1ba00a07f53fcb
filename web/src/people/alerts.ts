/** Alerts 提醒: what has happened to me, gathered from my posts, my ledger and my questions, newest first. */
import type { Entry, Question } from "@/hours/types";
import type { OwnPost } from "./types";

export interface Alert {
  key: string;
  at: string;
  /** A key under `alert`. */
  text: string;
  about: string;
  to: string;
  figures?: { hours: string; nature: string; kind: string };
}

const POSTS: Record<string, string> = {
  rejected: "post_rejected",
  removed: "post_removed",
  published: "post_approved",
};

export function alertsOf(
  posts: readonly OwnPost[],
  entries: readonly Entry[],
  questions: readonly Question[],
): Alert[] {
  const all = [...posts.flatMap(ofPost), ...entries.map(ofEntry), ...questions.flatMap(ofQuestion)];
  return all.sort((a, b) => b.at.localeCompare(a.at));
}

function ofPost({ id, state, text: about, decision, review }: OwnPost): Alert[] {
  if (!decision) return [];
  const settled = review && review.state !== "open" ? `review_${review.state}` : null;
  const text = settled ?? POSTS[state];
  return text ? [{ key: `${id}-${text}`, at: decision.at, text, about, to: "/me/posts" }] : [];
}

function ofEntry(entry: Entry): Alert {
  const text = entry.kind === "credit" || entry.kind === "revocation" ? `hours_${entry.kind}` : "hours_other";
  const figures = { hours: entry.hours, nature: entry.nature, kind: entry.kind };
  return {
    key: entry.id,
    at: entry.at,
    text,
    about: entry.activity.title,
    to: `/hours/entries/${entry.id}`,
    figures,
  };
}

function ofQuestion(question: Question): Alert[] {
  if (!question.answer) return [];
  return [
    {
      key: question.id,
      at: question.answer.at,
      text: "question_answered",
      about: question.text,
      to: "/hours",
    },
  ];
}
