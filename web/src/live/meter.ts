/** How loud the microphone is, for a bar that a lecturer understands at a glance. */

const FLOOR_DB = -60;

/** Loudness of one block of samples (-1 to 1) as a share of the bar; -60 dB is empty, 0 dB is full. */
export function level(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] ?? 0) ** 2;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}

/** Rises at once and falls slowly, so that speech does not flicker. */
export function smooth(before: number, now: number): number {
  return now > before ? now : before * 0.85 + now * 0.15;
}

/** Listens to one stream until stopped. */
export class Meter {
  value = 0;
  private readonly context = new AudioContext();
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(stream: MediaStream) {
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
  }

  read(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    this.value = smooth(this.value, level(this.samples));
    return this.value;
  }

  stop(): void {
    if (this.context.state !== "closed") void this.context.close();
  }
}
