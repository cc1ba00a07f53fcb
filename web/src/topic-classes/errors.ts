/** A refusal that names a field stands at that field; what the page itself found missing comes first. */
import { Refusal } from "@/net/refusal";
import { refusalText } from "@/ui/refusal-text";
import { t } from "@/words";
import type { Field, Wrong } from "./plan";

export function errorAt(field: Field, errors: Wrong, refused: Refusal | null): string | undefined {
  const key = errors[field];
  if (key) return t(key);
  return refused instanceof Refusal && refused.field === field ? refusalText(refused) : undefined;
}
