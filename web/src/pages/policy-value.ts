/** A value of the policy document as a reader sees it. */
import type { PolicyField } from "@/net/documents";

const RANGES = new Set(["minute", "time"]);

/** `word` gives the word for a unit or a choice, null where it has none. */
export function policyValue(
  { value, unit }: Pick<PolicyField, "value" | "unit">,
  word: (name: string) => string | null,
): string {
  if (typeof value === "boolean") return word(value ? "yes" : "no") ?? String(value);
  if (Array.isArray(value))
    return withUnit(value.map(String).join(RANGES.has(unit) ? "–" : "、"), unit, word);
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  if (unit === "share") return `${Math.round(Number(value) * 1000) / 10}%`;
  if (typeof value === "string" && !/^[\d.]+$/.test(value)) return word(value) ?? value;
  return withUnit(String(value), unit, word);
}

function withUnit(text: string, unit: string, word: (name: string) => string | null): string {
  const name = word(unit);
  return name ? `${text} ${name}` : text;
}
