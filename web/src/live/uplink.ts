/** The lecturer's line, read from the sender's statistics. */

/** Sums since the connection began, out of `RTCPeerConnection.getStats`. */
export interface Sample {
  readonly at_ms: number;
  readonly bytes: number;
  readonly frames: number;
  readonly sent: number;
  readonly lost: number;
  readonly height: number;
  readonly rtt_ms: number | null;
  /** The sender holds back because the line takes no more (`qualityLimitationReason`). */
  readonly limited: boolean;
}

export type Grade = "good" | "weak" | "bad";

export interface Uplink {
  readonly kbps: number;
  readonly fps: number;
  /** Share of packets lost, 0 to 1. */
  readonly loss: number;
  readonly height: number;
  readonly rtt_ms: number | null;
  readonly grade: Grade;
}

type Report = Readonly<Record<string, unknown>>;

function sum(reports: readonly Report[], field: string): number {
  return reports.reduce((total, report) => total + (Number(report[field]) || 0), 0);
}

/** Takes what is needed out of one statistics report. */
export function sample(stats: Iterable<Report>, at_ms: number): Sample {
  const all = [...stats];
  const out = all.filter((report) => report.type === "outbound-rtp");
  const video = out.filter((report) => report.kind === "video");
  const heard = all.filter((report) => report.type === "remote-inbound-rtp");
  const rtt = Math.max(0, ...heard.map((report) => Number(report.roundTripTime) || 0));
  return {
    at_ms,
    bytes: sum(out, "bytesSent"),
    frames: sum(video, "framesEncoded"),
    sent: sum(out, "packetsSent"),
    lost: sum(heard, "packetsLost"),
    height: Math.max(0, ...video.map((report) => Number(report.frameHeight) || 0)),
    rtt_ms: heard.length > 0 ? Math.round(rtt * 1000) : null,
    limited: video.some((report) => report.qualityLimitationReason === "bandwidth"),
  };
}

/** By loss, delay and what the sender holds back; a still picture needs few bits on the best of lines. */
function grade(kbps: number, loss: number, { rtt_ms, limited }: Sample): Grade {
  if (loss > 0.08 || kbps === 0 || (limited && kbps < 300)) return "bad";
  return loss > 0.02 || limited || (rtt_ms ?? 0) > 300 ? "weak" : "good";
}

/** What happened between two samples; null when no time has passed. */
export function uplink(before: Sample, now: Sample): Uplink | null {
  const seconds = (now.at_ms - before.at_ms) / 1000;
  if (seconds <= 0) return null;
  const kbps = Math.max(0, ((now.bytes - before.bytes) * 8) / 1000 / seconds);
  const [sent, lost] = [now.sent - before.sent, Math.max(0, now.lost - before.lost)];
  const loss = sent > 0 ? Math.min(1, lost / sent) : 0;
  return {
    kbps: Math.round(kbps),
    fps: Math.round(Math.max(0, now.frames - before.frames) / seconds),
    loss,
    height: now.height,
    rtt_ms: now.rtt_ms,
    grade: grade(kbps, loss, now),
  };
}
