/** What is typed is kept in this browser until it was sent, for each field and account. */
import { type Ref, ref, watch } from "vue";
import { useSession } from "@/net/session";

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
