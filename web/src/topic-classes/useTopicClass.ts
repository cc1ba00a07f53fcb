/** One topic class on a page, fetched again when a notice tells of it. */
import { onScopeDispose } from "vue";
import { http } from "@/net/session";
import { useChannel } from "@/net/useChannel";
import { type Loaded, useLoad } from "@/ui/useLoad";
import { spread } from "./spread";
import type { ToldModule, TopicClass } from "./types";

export function useTopicClass(id: string): Loaded<TopicClass> {
  const load = useLoad(() => http.get<TopicClass>(`/topic-classes/${id}`));
  whenTold(id, () => void load.reload());
  return load;
}

/** What who looks at a topic class is told: that it changed, and each of its live classes. */
const topicOf = (id: string): string => `topic_class:${id}`;

/** Runs `then` when it is told what is new of a live class of this topic class. */
export function whenModuleChanges(id: string, then: (module: ToldModule) => void): void {
  const { channel } = useChannel();
  const stops = [
    channel.join(topicOf(id)),
    channel.on("module.changed", (data) => then(data as unknown as ToldModule)),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
}

/** Runs `then` when something was told of this topic class, when its plan changed, and after a lost line. */
export function whenTold(id: string, then: () => void): void {
  const { channel } = useChannel();
  const later = spread(then);
  const stops = [
    channel.on("notice.added", ({ subject }) => {
      if ((subject as { id?: string } | undefined)?.id === id) then();
    }),
    channel.on("topic_class.changed", (data) => {
      if (data.id === id) later.ask();
    }),
    channel.onGone(then),
    channel.join(topicOf(id)),
    later.stop,
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
}
