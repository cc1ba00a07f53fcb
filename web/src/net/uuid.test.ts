import { describe, expect, it } from "vitest";

import { uuid } from "./uuid";

describe("uuid", () => {
  it("has version 4 and the variant of RFC 9562", () => {
    expect(uuid(new Uint8Array(16).fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
    expect(uuid(new Uint8Array(16))).toBe("00000000-0000-4000-8000-000000000000");
    expect(uuid()).not.toBe(uuid());
  });
});
