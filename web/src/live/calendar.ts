/** One class as an iCalendar file (RFC 5545), for the calendar of phone or office. */

import type { ClassView } from "@/net/types";

function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** RFC 5545 3.3.11. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** Lines of at most 75 octets, continued by a space (RFC 5545 3.1). */
function folded(line: string): string {
  const pieces: string[] = [];
  let piece = "";
  let octets = 0;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (octets + size > 74) {
      pieces.push(piece);
      [piece, octets] = ["", 0];
    }
    piece += character;
    octets += size;
  }
  return [...pieces, piece].join("\r\n ");
}

type Dated = Pick<ClassView, "id" | "title" | "starts_at" | "planned_minutes">;

/** The address of the file, made in the browser. */
export function calendarFile(view: Dated, now: number): string {
  const text = calendar(view, `${window.location.origin}/live/${view.id}`, now);
  return `data:text/calendar;charset=utf-8,${encodeURIComponent(text)}`;
}

export function calendar(view: Dated, address: string, now: number): string {
  const begin = Date.parse(view.starts_at);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Jiangtang//live//ZH",
    "BEGIN:VEVENT",
    `UID:${view.id}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(begin)}`,
    `DTEND:${stamp(begin + view.planned_minutes * 60_000)}`,
    `SUMMARY:${escaped(view.title)}`,
    `URL:${address}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
