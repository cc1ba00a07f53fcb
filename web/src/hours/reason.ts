/** Why a stretch does not count, in the words of the attendance chip. */
import { words } from "@/words";

export function reasonText(reason: string | null): string {
  const { t, te } = words.global;
  const key = `reason.${reason ?? "beat.absent"}`;
  return te(key, "zh-CN") ? t(key) : t("reason.other");
}
