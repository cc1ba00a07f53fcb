import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Leave, RENEW_MS, RenewableGrant } from "./grant";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that numbers its grants and can be made to fail. */
function server(): {
  asked: () => number;
  fail: boolean;
  held: string;
  ask: (held: string) => Promise<Leave>;
} {
  let count = 0;
  const self = {
    fail: false,
    held: "",
    asked: () => count,
    ask: async (held: string) => {
      count += 1;
      self.held = held;
      if (self.fail) throw new Error("offline");
      return { url: "/media/live/k/index.m3u8", grant: `g${count}`, expires_at: 60 };
    },
  };
  return self;
}

describe("renewable grant", () => {
  it("is renewed every 25 seconds by showing the one that is held, and tells so", async () => {
    const doorkeeper = server();
    const told: string[] = [];
    const grant: RenewableGrant<Leave> = new RenewableGrant(doorkeeper.ask, () => told.push(grant.token));
    expect(grant.token).toBe("");
    await grant.renew();
    await vi.advanceTimersByTimeAsync(RENEW_MS + 1);
    expect([grant.token, told, doorkeeper.held]).toEqual(["g2", ["g1", "g2"], "g1"]);
    grant.stop();
  });

  it("is asked for once when several requests find it expired", async () => {
    const doorkeeper = server();
    const grant = new RenewableGrant(doorkeeper.ask);
    await Promise.all([grant.renew(), grant.renew(), grant.renew()]);
    expect(doorkeeper.asked()).toBe(1);
    grant.stop();
  });

  it("keeps the old grant and tries again when the server does not answer", async () => {
    const doorkeeper = server();
    const grant = new RenewableGrant(doorkeeper.ask);
    await grant.renew();
    doorkeeper.fail = true;
    await vi.advanceTimersByTimeAsync(RENEW_MS + 1);
    expect(grant.token).toBe("g1");
    doorkeeper.fail = false;
    await vi.advanceTimersByTimeAsync(2_001);
    expect(grant.token).toBe("g3");
    grant.stop();
  });

  it("tells the first asker when there is no leave at all", async () => {
    const doorkeeper = server();
    doorkeeper.fail = true;
    await expect(new RenewableGrant(doorkeeper.ask).renew()).rejects.toThrow("offline");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(doorkeeper.asked()).toBe(1);
  });

  it("is asked for no more once stopped", async () => {
    const doorkeeper = server();
    const grant = new RenewableGrant(doorkeeper.ask);
    await grant.renew();
    grant.stop();
    await vi.advanceTimersByTimeAsync(10 * RENEW_MS);
    expect(doorkeeper.asked()).toBe(1);
  });
});
