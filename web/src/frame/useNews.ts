/** What happens to the person while they are anywhere but in a room: said once, with the place where it stands. */
import { onBeforeUnmount } from "vue";
import { useRoute } from "vue-router";
import { useChannel } from "@/net/useChannel";
import { hours, moment } from "@/ui/format";
import { say } from "@/ui/toasts";
import { t } from "@/words";

/** The words for a decision about one's post; null for what its author has done or waits for. */
export function decisionNews(state: unknown): string | null {
  if (state === "rejected") return t("alert.post_rejected");
  if (state === "removed") return t("alert.post_removed");
  if (state === "blocked") return t("alert.post_returned");
  return state === "published" ? t("alert.post_approved") : null;
}

/** The words for a sanction on one's speaking, with its reason and for how long. */
export function sanctionNews(kind: unknown, until: unknown, reason: unknown): string {
  const at = typeof until === "string" ? moment(until) : "";
  return t(`alert.sanction_${kind}`, { until: at, reason: String(reason) });
}

export function useNews(): void {
  const route = useRoute();
  const { channel } = useChannel();
  const tell = (text: string | null): void => {
    if (text && !route.meta.bare) say(text, { seconds: 8 });
  };
  const stops = [
    channel.on("post.decided", ({ state, action }) => action && tell(decisionNews(state))),
    channel.on("sanction.imposed", ({ kind, until, reason }) => {
      say(sanctionNews(kind, until, reason), { seconds: 15 });
    }),
    channel.on("hours.credited", ({ hours: n }) => {
      if (Number(n) > 0) tell(t("alert.hours_now", { n: hours(String(n)) }));
    }),
  ];
  onBeforeUnmount(() => {
    for (const stop of stops) stop();
  });
}
