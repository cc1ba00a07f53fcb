import { describe, expect, it } from "vitest";

import { type Sample, sample, uplink } from "./uplink";

const ZERO: Sample = {
  at_ms: 0,
  bytes: 0,
  frames: 0,
  sent: 0,
  lost: 0,
  height: 720,
  rtt_ms: 20,
  limited: false,
};

function after2s(change: Partial<Sample>): Sample {
  return { ...ZERO, at_ms: 2_000, bytes: 525_000, frames: 60, sent: 500, ...change };
}

describe("uplink", () => {
  it("sums picture and sound and reads the rest from the picture", () => {
    const stats = [
      {
        type: "outbound-rtp",
        kind: "video",
        bytesSent: 900,
        framesEncoded: 30,
        packetsSent: 9,
        frameHeight: 720,
        qualityLimitationReason: "bandwidth",
      },
      { type: "outbound-rtp", kind: "audio", bytesSent: 100, packetsSent: 50 },
      { type: "remote-inbound-rtp", kind: "video", packetsLost: 2, roundTripTime: 0.034 },
      { type: "candidate-pair", bytesSent: 5_000 },
    ];
    expect(sample(stats, 7)).toEqual({
      at_ms: 7,
      bytes: 1_000,
      frames: 30,
      sent: 59,
      lost: 2,
      height: 720,
      rtt_ms: 34,
      limited: true,
    });
  });

  it("tells rate and frames of the time between two samples", () => {
    expect(uplink(ZERO, after2s({}))).toEqual({
      kbps: 2_100,
      fps: 30,
      loss: 0,
      height: 720,
      rtt_ms: 20,
      grade: "good",
    });
  });

  it("knows no rate when no time has passed", () => {
    expect(uplink(ZERO, ZERO)).toBeNull();
  });

  it("is good with a still picture that needs few bits", () => {
    expect(uplink(ZERO, after2s({ bytes: 6_000, frames: 10 }))?.grade).toBe("good");
  });

  it("is weak with three per cent loss, a line that takes no more or a long way", () => {
    expect(uplink(ZERO, after2s({ lost: 15 }))?.grade).toBe("weak");
    expect(uplink(ZERO, after2s({ limited: true }))?.grade).toBe("weak");
    expect(uplink(ZERO, after2s({ rtt_ms: 400 }))?.grade).toBe("weak");
  });

  it("is bad when hardly anything gets through", () => {
    expect(uplink(ZERO, after2s({ lost: 50 }))?.grade).toBe("bad");
    expect(uplink(ZERO, after2s({ bytes: 50_000, limited: true }))?.grade).toBe("bad");
    expect(uplink(ZERO, after2s({ bytes: 0 }))?.grade).toBe("bad");
  });
});
