/** Programme date-time and player seconds: one axis where the class has gaps, one where it has none. */

/** What is read of a fragment of hls.js; seconds, and UTC milliseconds of EXT-X-PROGRAM-DATE-TIME. */
export interface Dated {
  readonly start: number;
  readonly duration: number;
  readonly programDateTime: number | null;
}

/** A stretch without a gap: `start` in player seconds, the rest media clock. */
export interface Stretch {
  readonly start: number;
  readonly from_ms: number;
  readonly until_ms: number;
}

/** Rounding of segment durations is less than this, a real pause is longer. */
const SAME_MS = 500;

/** Joins the fragments of a playlist to stretches really broadcast. */
export function stretches(fragments: readonly Dated[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { start, duration, programDateTime } of fragments) {
    if (programDateTime === null) continue;
    const until_ms = programDateTime + duration * 1000;
    const before = joined[joined.length - 1];
    if (before && Math.abs(programDateTime - before.until_ms) < SAME_MS) {
      joined[joined.length - 1] = { ...before, until_ms };
    } else {
      joined.push({ start, from_ms: programDateTime, until_ms });
    }
  }
  return joined;
}

/** Media clock at `time` player seconds; null before the first stretch is known. */
export function dateAt(known: readonly Stretch[], time: number): number | null {
  const begun = known.filter((stretch) => stretch.start <= time + 0.001);
  const here = begun[begun.length - 1] ?? known[0];
  return here ? here.from_ms + (time - here.start) * 1000 : null;
}

/** Player seconds at `ms` of the media clock; in a gap, the beginning of what follows. */
export function timeAt(known: readonly Stretch[], ms: number): number | null {
  for (const stretch of known) {
    if (ms < stretch.from_ms) return stretch.start;
    if (ms < stretch.until_ms) return stretch.start + (ms - stretch.from_ms) / 1000;
  }
  const last = known[known.length - 1];
  return last ? last.start + (last.until_ms - last.from_ms) / 1000 : null;
}

/** Player seconds from the first picture to the last. */
export function span(known: readonly Stretch[]): { start: number; end: number } {
  const first = known[0];
  const last = known[known.length - 1];
  if (!first || !last) return { start: 0, end: 0 };
  return { start: first.start, end: last.start + (last.until_ms - last.from_ms) / 1000 };
}
