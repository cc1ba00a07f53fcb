/** What is typed is kept in this browser until it was sent, for each field and account. */
import { type Ref, ref, type WatchSource, watch } from "vue";
import { serverNow } from "@/net/server-clock";
import { useSession } from "@/net/session";
import { uuid } from "@/net/uuid";

export function useDraft(field: string): Ref<string> {
  const { account } = useSession();
  const key = `draft.${account.value?.id ?? ""}.${field}`;
  const text = ref(localStorage.getItem(key) ?? "");
  watch(text, (value) => {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  });
  return text;
}

/** A draft and when it was last kept (ms since 1970; 0 while it is empty), for saying so. */
export function useDatedDraft(field: string): { text: Ref<string>; keptAt: Ref<number> } {
  const text = useDraft(field);
  const at = useDraft(`${field}.at`);
  const keptAt = ref(Number(at.value));
  watch(text, (value) => {
    keptAt.value = value ? serverNow() : 0;
    at.value = value ? String(keptAt.value) : "";
  });
  return { text, keptAt };
}

/**
 * The name by which the server knows again what it was sent: sent twice over a lost line, it is taken once. It is that
 * of these very words; when they are changed it is another one, so that the server never answers with older words.
 */
export function useDraftName(field: string, content: WatchSource[]): Ref<string> {
  const name = useDraft(`${field}.draft`);
  const renew = () => (name.value = uuid());
  if (!name.value) renew();
  watch(content, renew, { flush: "sync" });
  return name;
}
