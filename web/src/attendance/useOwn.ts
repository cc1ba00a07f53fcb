/** My assessed attendance of one class, fetched when looked at and when the server has closed it. */
import { onScopeDispose, shallowRef } from "vue";
import { http } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { useLoad } from "@/ui/useLoad";
import type { OwnAttendance } from "./own";

/** The events `attendance.closed` and `hours.credited`; minutes, share and hours are decimal strings. */
export interface Closed {
  readonly class: string;
  readonly minutes: string;
  readonly air_minutes: string;
  readonly share: string;
  readonly hours: string;
  readonly missing_minutes: string;
}

export function useOwn(classId: string) {
  const { channel } = useChannel();
  const own = useLoad(() => http.get<OwnAttendance>(`/classes/${classId}/attendance`));
  const closed = shallowRef<Closed | null>(null);
  const credited = shallowRef<string | null>(null);
  const undo = [
    channel.on("attendance.closed", (data) => {
      if (data.class !== classId) return;
      closed.value = data as unknown as Closed;
      void own.reload();
    }),
    channel.on("hours.credited", (data) => {
      if (data.class !== classId) return;
      credited.value = String(data.hours);
      void own.reload();
    }),
  ];
  onScopeDispose(() => {
    for (const stop of undo) stop();
  });
  return { own, closed, credited };
}
