/** The words of a refusal: what happened and what to do now, from its code and data. */
import type { Refusal } from "@/net/refusal";
import { words } from "@/words";
import { moment } from "./format";

/** A text for every refusal: its own, else what its status amounts to. */
export function refusalText(refusal: Refusal): string {
  const { t, te } = words.global;
  const own = `refusals.${refusal.code}`;
  if (te(own, "zh-CN")) return t(own, figures(refusal.data));
  return t(`refusals.status.${family(refusal.status)}`);
}

function family(status: number): string {
  if (status === 401 || status === 403 || status === 404 || status === 429) return String(status);
  if (status === 400 || status === 413 || status === 415 || status === 422) return "422";
  return status >= 500 ? "500" : "409";
}

/** Instants become times of day, everything else is shown as it came. */
function figures(data: Record<string, unknown>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(data)) {
    shown[name] =
      typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : String(value);
  }
  return shown;
}
