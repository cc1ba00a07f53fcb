/** Reads the basis of a refusal: `art-12` is an article of the regulation, `policy-<field>` a clause of our rules. */

export type Basis =
  | { kind: "article"; number: string; to: string }
  | { kind: "policy"; field: string; to: string };

export function basisOf(text: string, language: string): Basis {
  const article = /^art-(\d+)$/.exec(text);
  if (article) {
    const number = Number(article[1]);
    const shown = language === "en" ? String(number) : chineseNumber(number);
    return { kind: "article", number: shown, to: `/regulation#${text}` };
  }
  return { kind: "policy", field: text.replace(/^policy-/, ""), to: `/policy#${text}` };
}

const DIGITS = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** 1 to 99 as the regulation writes its articles: 十, 十二, 二十. */
export function chineseNumber(n: number): string {
  const tens = Math.floor(n / 10);
  const head = tens === 0 ? "" : tens === 1 ? "十" : `${DIGITS[tens]}十`;
  return head + (DIGITS[n % 10] ?? "");
}
