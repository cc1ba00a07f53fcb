import { describe, expect, it } from "vitest";

import { reach } from "./reach";

/** A server whose answers take the given times. */
function server(...trips: number[]): [() => Promise<void>, () => number] {
  let at = 0;
  const ask = async (): Promise<void> => {
    at += trips.shift() ?? 0;
  };
  return [ask, () => at];
}

describe("reach", () => {
  it("is the middle of three round trips", async () => {
    expect(await reach(...server(20, 900, 30))).toEqual({ grade: "good", rtt_ms: 30 });
    expect(await reach(...server(400, 20, 500))).toEqual({ grade: "weak", rtt_ms: 400 });
  });

  it("is bad when no answer comes", async () => {
    const refuse = async (): Promise<never> => Promise.reject(new Error("lost"));
    expect(await reach(refuse, () => 0)).toEqual({ grade: "bad", rtt_ms: 0 });
  });
});
