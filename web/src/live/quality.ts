/** The choices of picture quality in words: automatic, stable, and each size where there is more than one. */

import type { Phrase } from "@/attendance/phrase";
import type { Level } from "./engine";

export interface QualityChoice {
  readonly value: string;
  readonly phrase: Phrase;
}

function name(height: number): "high" | "standard" | "low" {
  if (height >= 720) return "high";
  return height >= 480 ? "standard" : "low";
}

/** `auto`, `stable` (live only), and the index of each level. */
export function choices(levels: readonly Level[], index: number, live: boolean): QualityChoice[] {
  const now = levels[index]?.height;
  const automatic: QualityChoice = now
    ? { value: "auto", phrase: { key: "live.player.auto_now", values: { n: now } } }
    : { value: "auto", phrase: { key: "live.player.auto" } };
  const stable: QualityChoice[] = live ? [{ value: "stable", phrase: { key: "live.player.stable" } }] : [];
  const sizes = levels.length > 1 ? [...levels].sort((a, b) => b.height - a.height) : [];
  return [
    automatic,
    ...stable,
    ...sizes.map(({ index: value, height }) => ({
      value: String(value),
      phrase: { key: `live.player.${name(height)}`, values: { n: height } },
    })),
  ];
}
