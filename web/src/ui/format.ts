/** Figures and times as the screens write them: Beijing time, one decimal of hours, `9 月 16 日 14:30`. */
import { words } from "@/words";

const ZONE = "Asia/Shanghai";
const OFFSET_MS = 8 * 3_600_000;

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: string;
  minute: string;
  second: string;
  weekday: number;
}

/** The calendar in the academy's zone, whatever the zone of this computer; China has no summer time. */
export function parts(instant: string | number | Date): Parts {
  const shifted = new Date(new Date(instant).getTime() + OFFSET_MS);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: two(shifted.getUTCHours()),
    minute: two(shifted.getUTCMinutes()),
    second: two(shifted.getUTCSeconds()),
    weekday: shifted.getUTCDay(),
  };
}

const english = () => words.global.locale.value === "en";

/** `14:30`. */
export function clock(instant: string | number | Date): string {
  const { hour, minute } = parts(instant);
  return `${hour}:${minute}`;
}

/** `14:30:05`. */
export function clockSeconds(instant: string | number | Date): string {
  return `${clock(instant)}:${parts(instant).second}`;
}

/** `9 月 16 日`. */
export function day(instant: string | number | Date): string {
  const { month, day: date } = parts(instant);
  if (!english()) return `${month} 月 ${date} 日`;
  return new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: ZONE }).format(
    new Date(instant),
  );
}

/** `9 月 16 日 14:30`. */
export function moment(instant: string | number | Date): string {
  return `${day(instant)} ${clock(instant)}`;
}

/** `2026-09-16`, for tables. */
export function isoDay(instant: string | number | Date): string {
  const { year, month, day: date } = parts(instant);
  return `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

/** `2026-09-16 14:30`, for tables. */
export function isoMoment(instant: string | number | Date): string {
  return `${isoDay(instant)} ${clock(instant)}`;
}

/** Hours arrive as decimal strings; one decimal is shown, and nothing is rounded up. */
export function hours(value: string | number): string {
  const tenths = Math.trunc(Number(value) * 10 + Math.sign(Number(value)) * 1e-6);
  return (tenths / 10).toFixed(1);
}

/** Minutes with at most one decimal, cut and never rounded up: `20`, `19.9`. */
export function minutes(value: number): string {
  return String(Math.trunc(value * 10 + 1e-6) / 10);
}

/** `38:20` or `1:02:05`, from seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
