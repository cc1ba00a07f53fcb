/** The state of a year in one word (rules §5). */
import type { IconName } from "@/ui/icons";
import type { YearRecord } from "./types";

export interface Status {
  key: string;
  tone: "plain" | "ok" | "warn" | "brand";
  icon: IconName;
}

export function yearStatus(record: Pick<YearRecord, "state" | "complete" | "outside">): Status {
  if (record.outside) return { key: record.outside, tone: "plain", icon: "info" };
  if (record.complete) return { key: "complete", tone: "ok", icon: "tick" };
  if (record.state === "in_year") return { key: "in_year", tone: "brand", icon: "hours" };
  return { key: record.state, tone: "warn", icon: "warn" };
}
