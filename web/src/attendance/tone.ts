/** The soft tone of a presence check; unlocked by the click that opened the class. */

const KEPT = "tone_volume";
const PITCHES_HZ = [523, 659, 784];
const LENGTH_S = 0.22;

let context: AudioContext | null = null;

/** 0 to 1, kept in this browser. */
export function toneVolume(): number {
  const kept = Number(localStorage.getItem(KEPT) ?? 0.5);
  return Number.isFinite(kept) ? Math.min(1, Math.max(0, kept)) : 0.5;
}

export function keepToneVolume(volume: number): void {
  localStorage.setItem(KEPT, String(volume));
}

/** Three rising notes; silent where the browser has not been given a gesture yet. */
export function playTone(volume = toneVolume()): void {
  context ??= new AudioContext();
  void context.resume();
  const begin = context.currentTime + 0.02;
  PITCHES_HZ.forEach((pitch, index) => {
    if (context) note(context, pitch, begin + index * LENGTH_S, volume);
  });
}

function note(on: AudioContext, pitch: number, at: number, volume: number): void {
  const [oscillator, gain] = [on.createOscillator(), on.createGain()];
  oscillator.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.25 * volume, at + 0.03);
  gain.gain.linearRampToValueAtTime(0, at + LENGTH_S);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(at);
  oscillator.stop(at + LENGTH_S);
}
