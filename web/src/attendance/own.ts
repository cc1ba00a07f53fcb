/** My attendance of one class as the server assessed it, drawn as a strip, a list and a sentence. */

export type StretchKind = "counted" | "cut" | "void" | "repaired" | "open";

/** Media clock, UTC milliseconds. */
export interface Range {
  readonly from_ms: number;
  readonly until_ms: number;
}

export interface OwnStretch extends Range {
  readonly kind: StretchKind;
  readonly reason: string | null;
}

/** `GET /classes/{id}/attendance`; minutes, share and hours are decimal strings. */
export interface OwnAttendance {
  readonly stretches: readonly OwnStretch[];
  readonly air: readonly Range[];
  readonly verified_minutes: string;
  readonly air_minutes: string;
  readonly share: string;
  readonly hours_now: string;
  readonly missing: readonly Range[];
}

/** A piece of the strip: place and width as shares of the air time. */
export interface Piece extends OwnStretch {
  readonly left: number;
  readonly width: number;
}

/** Media clock to milliseconds of air time: pauses take no room on the strip. */
export function airAt(air: readonly Range[], ms: number): number {
  let before = 0;
  for (const { from_ms, until_ms } of air) {
    if (ms < from_ms) return before;
    if (ms < until_ms) return before + ms - from_ms;
    before += until_ms - from_ms;
  }
  return before;
}

function total(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from_ms, until_ms }) => sum + until_ms - from_ms, 0);
}

export function pieces({ stretches, air }: Pick<OwnAttendance, "stretches" | "air">): Piece[] {
  const whole = total(air);
  if (whole === 0) return [];
  return stretches.map((stretch) => {
    const left = airAt(air, stretch.from_ms);
    const width = airAt(air, stretch.until_ms) - left;
    return { ...stretch, left: left / whole, width: width / whole };
  });
}

/** Ranges worth a line of their own; a rounding of the clock is not. */
const SHORTEST_MS = 1_000;

export function missing(own: Pick<OwnAttendance, "missing">): readonly Range[] {
  return own.missing.filter(({ from_ms, until_ms }) => until_ms - from_ms >= SHORTEST_MS);
}

/** What was not counted, long enough to be told. */
export function uncounted({ stretches }: Pick<OwnAttendance, "stretches">): readonly OwnStretch[] {
  return stretches.filter(
    ({ kind, from_ms, until_ms }) => (kind === "cut" || kind === "void") && until_ms - from_ms >= SHORTEST_MS,
  );
}

/** Whole minutes still to be studied, rounded up: nobody studies for nothing. */
export function missingMinutes(own: Pick<OwnAttendance, "missing">): number {
  return Math.ceil(total(missing(own)) / 60_000);
}

/** The next missing range at or after `ms`, from the beginning again after the last. */
export function nextMissing(ranges: readonly Range[], ms: number): Range | null {
  return ranges.find(({ until_ms }) => until_ms > ms + SHORTEST_MS) ?? ranges[0] ?? null;
}

/** Whether what plays now was counted before and so is not counted again. */
export function seen(own: Pick<OwnAttendance, "stretches">, ms: number): boolean {
  return own.stretches.some(
    ({ from_ms, until_ms, kind }) =>
      (kind === "counted" || kind === "repaired") && ms >= from_ms && ms < until_ms,
  );
}

/** Per cent without decimals, rounded down: 79.9 % is not yet 80 %. */
export function percent(share: string): number {
  return Math.floor(Number(share) * 100 + 1e-9);
}
