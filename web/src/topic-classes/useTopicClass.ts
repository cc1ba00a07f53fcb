/** One topic class on a page, fetched again when a notice tells of it. */
import { onScopeDispose } from "vue";
import { http } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { type Loaded, useLoad } from "@/ui/useLoad";
import type { TopicClass } from "./types";

export function useTopicClass(id: string): Loaded<TopicClass> {
  const load = useLoad(() => http.get<TopicClass>(`/topic-classes/${id}`));
  whenTold(id, () => void load.reload());
  return load;
}

/** Runs `then` when something was told of this topic class, and after a lost line. */
export function whenTold(id: string, then: () => void): void {
  const { channel } = useChannel();
  const stops = [
    channel.on("notice.added", ({ subject }) => {
      if ((subject as { id?: string } | undefined)?.id === id) then();
    }),
    channel.onGone(then),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
}
