/** One class as it is now: the snapshot, kept true by what the server pushes. */
import { onScopeDispose, ref, shallowRef } from "vue";
import type { Refusal } from "@/net/refusal";
import { serverNow } from "@/net/server-clock";
import { http } from "@/net/session";
import type { ClassView } from "@/net/types";
import { useChannel } from "@/net/useChannel";
import { asRefusal } from "@/ui/useTask";
import { newer } from "./room";
import type { Audience, PostView, Room } from "./types";

const AGAIN_MS = 3_000;

/** `onPosts` gets the posts of every fresh snapshot; `staff` also joins the studio's topic. */
export function useRoom(id: string, onPosts: (posts: readonly PostView[]) => void, staff = false) {
  const { channel } = useChannel();
  const view = shallowRef<ClassView | null>(null);
  /** When the view was as it is, milliseconds by the server's clock. */
  const takenAt = ref(serverNow());
  const audience = shallowRef<Audience>({ here: 0, earning: 0, waiting_check: 0 });
  const mutedUntil = ref<number | null>(null);
  /** Who sends the pictures now, told to staff alone. */
  const source = ref<Room["source"]>(null);
  const refusal = shallowRef<Refusal | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    try {
      const room = await http.get<Room>(`/classes/${id}/room`);
      take(room.class);
      audience.value = room.audience;
      source.value = room.source;
      mutedUntil.value = room.me.muted_until === null ? null : Date.parse(room.me.muted_until);
      onPosts(room.posts);
    } catch (error) {
      again(asRefusal(error));
    }
  }

  /** A refusal is an answer and stays; a lost line is tried again. */
  function again(refused: Refusal): void {
    if (refused.status >= 400 && refused.status < 500) refusal.value = refused;
    else timer = setTimeout(() => void load(), AGAIN_MS);
  }

  function take(told: ClassView): void {
    const now = view.value ? newer(view.value, told) : told;
    if (now !== view.value) takenAt.value = serverNow();
    view.value = now;
  }

  const undo = [
    channel.join(`class:${id}`),
    ...(staff ? [channel.join(`class:${id}:staff`)] : []),
    channel.on("class.changed", (data) => {
      if (data.id === id) void told(data as unknown as ClassView);
    }),
    channel.on("sanction.imposed", ({ place }) => {
      if (place === null || place === id) void load();
    }),
    channel.on("audience.count", (data) => {
      audience.value = data as unknown as Audience;
    }),
    channel.on("publisher.changed", ({ connected, source: from }) => {
      source.value = connected ? (from as Room["source"]) : null;
    }),
    channel.on("speaking.changed", (data) => {
      if (view.value) view.value = { ...view.value, ...(data as Partial<ClassView>) };
    }),
    channel.on("recording.ready", (data) => {
      if (view.value && data.class === id) view.value = { ...view.value, recording: "ready" };
    }),
    channel.onGone(() => void load()),
  ];

  /** A push is the same for all, without what I may do; the studio asks for that, a thousand learners do not. */
  async function told(pushed: ClassView): Promise<void> {
    take({ ...pushed, may: view.value?.may ?? [] });
    if (!staff) return;
    const own = await http.get<ClassView>(`/classes/${id}`).catch(() => null);
    if (own) take(own);
  }

  onScopeDispose(() => {
    clearTimeout(timer);
    for (const stop of undo) stop();
  });
  void load();
  return { view, takenAt, audience, source, mutedUntil, refusal, load, take };
}
