/** How far away the server is, by the way the beats will go. */

export interface Reach {
  readonly grade: "good" | "weak" | "bad";
  readonly rtt_ms: number;
}

const TRIES = 3;
const WEAK_MS = 300;

/** The middle of three round trips; `bad` when one of them has no answer. */
export async function reach(ask: () => Promise<unknown>, now: () => number): Promise<Reach> {
  const trips: number[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    const begin = now();
    try {
      await ask();
    } catch {
      return { grade: "bad", rtt_ms: 0 };
    }
    trips.push(now() - begin);
  }
  const rtt_ms = Math.round(trips.sort((a, b) => a - b)[1] ?? 0);
  return { grade: rtt_ms > WEAK_MS ? "weak" : "good", rtt_ms };
}
