/** The matrix of learners and conditions: who is how far, found and filtered on the page. */
import type { TopicLine } from "./types";

export type Filter = "" | "complete" | "missing";

export function filtered(lines: readonly TopicLine[], filter: string): TopicLine[] {
  if (filter === "complete") return lines.filter(({ complete }) => complete);
  if (filter === "missing") return lines.filter(({ complete }) => !complete);
  return [...lines];
}

/** Only who has a place learns; by name, nobody is ranked. */
export function enrolledOf(lines: readonly TopicLine[]): TopicLine[] {
  const collator = new Intl.Collator("zh-CN");
  return lines
    .filter(({ place }) => place === "enrolled")
    .sort((a, b) => collator.compare(a.name, b.name) || a.account.localeCompare(b.account));
}

/** How many have met each condition, in the order of the conditions. */
export function metByCondition(lines: readonly TopicLine[]): { name: string; met: number }[] {
  const names = lines[0]?.conditions.map(({ name }) => name) ?? [];
  return names.map((name) => ({
    name,
    met: lines.filter(({ conditions }) => conditions.find((each) => each.name === name)?.met).length,
  }));
}
