/** A value of the policy document as a reader sees it. */
import type { PolicyField } from "@/net/documents";

const RANGES = new Set(["minute", "time"]);
const TRUTHS: Record<string, string> = { True: "yes", False: "no" };

/** `word` gives the word for a unit or a choice, null where it has none. */
export function policyValue(
  { value, unit }: Pick<PolicyField, "value" | "unit">,
  word: (name: string) => string | null,
): string {
  const choice = word(TRUTHS[value] ?? (value || "unlimited"));
  if (choice) return choice;
  if (unit === "word") return value.replace(/[a-z_]+(?=: )/g, (name) => word(name) ?? name);
  if (unit === "share") return `${Math.round(Number(value) * 1000) / 10}%`;
  const parts = value.split(", ");
  const shown = parts.join(RANGES.has(unit) ? "–" : "、");
  const counted = parts.every((part) => /^[\d.]+$/.test(part));
  const name = counted ? word(unit) : null;
  return name ? `${shown} ${name}` : shown;
}
