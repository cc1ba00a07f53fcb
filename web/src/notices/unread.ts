/** How many notices wait unread: one number for the whole page, asked again when the socket says so. */
import { ref, watch } from "vue";
import { http, useSession } from "@/net/session";
import { channel } from "@/net/useChannel";
import type { NoticePage } from "./notice";

/** What the server counts at most. */
export const MOST = 100;

const unread = ref(0);

async function ask(): Promise<void> {
  const page = await http.get<NoticePage>("/me/notices", { limit: 1 });
  unread.value = page.unread;
}

/** Follow the number while somebody is signed in; called once, by the frame. */
export function followUnread(): void {
  const { free } = useSession();
  const again = () => {
    if (free.value) ask().catch(() => {});
  };
  watch(free, again, { immediate: true });
  channel.on("notice.added", again);
  channel.on("notice.changed", again);
}

export function useUnread() {
  return { unread };
}
