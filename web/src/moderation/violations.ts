/** Kinds of violation in what is said, and the article each one cites (regulation Art. 12 and 13; rules §7). */

const BY_ARTICLE: Record<string, string[]> = {
  "art-12": [
    "unlawful",
    "against_policy",
    "secrets",
    "obscene",
    "gambling",
    "violence",
    "fraud",
    "abuse",
    "rumour",
    "personal_data",
    "advertising",
    "flooding",
  ],
  "art-13": ["cheating_offer"],
};

export const KINDS: string[] = Object.values(BY_ARTICLE).flat();

export const BASES = [
  { basis: "art-12", chinese: "十二" },
  { basis: "art-13", chinese: "十三" },
];

export function articleOf(kind: string): string {
  return Object.keys(BY_ARTICLE).find((article) => BY_ARTICLE[article]?.includes(kind)) ?? "art-12";
}
