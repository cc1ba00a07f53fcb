/** The words of a refusal: what happened and what to do now, from its code and data. */
import type { Refusal } from "@/net/refusal";
import { words } from "@/words";
import { moment } from "./format";

const { t, te } = words.global;
const known = (key: string): boolean => te(key, "zh-CN");

/**
 * A text for every refusal: its own, else what its status amounts to. Where a fact is not always told (`sign_in.wrong`
 * with or without `left`), the words have a second version named after the fact (`sign_in.wrong_left`).
 */
export function refusalText({ code, data, status }: Refusal): string {
  const told = Object.keys(data).filter((fact) => data[fact] !== null);
  const exact = told.map((fact) => `refusals.${code}_${fact}`).find(known);
  const key = exact ?? `refusals.${code}`;
  return known(key) ? t(key, figures(data)) : t(`refusals.status.${family(status)}`);
}

function family(status: number): string {
  if (status === 401 || status === 403 || status === 404 || status === 429) return String(status);
  if (status === 400 || status === 413 || status === 415 || status === 422) return "422";
  return status >= 500 ? "500" : "409";
}

function figures(data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, figure(name, value)]));
}

/** Instants become times of day, waits get their unit, lists of reasons their words; all else is shown as it came. */
function figure(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(reason).join("、");
  if (name === "retry_after_s") return wait(Number(value));
  const instant = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
  return instant ? moment(value) : String(value);
}

function reason(value: unknown): string {
  return known(`refusals.why.${value}`) ? t(`refusals.why.${value}`) : String(value);
}

function wait(seconds: number): string {
  return seconds < 60
    ? t("ui.seconds", { n: Math.ceil(seconds) })
    : t("ui.minutes", { n: Math.ceil(seconds / 60) });
}
