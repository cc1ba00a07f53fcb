/** Goes to the anchor of the address once the text it lies in is there. */
import { nextTick, type Ref, watch } from "vue";
import { useRoute } from "vue-router";

export function useAnchor(text: Ref<unknown>): void {
  const route = useRoute();
  watch([text, () => route.hash], async ([found, hash]) => {
    if (!found || !hash) return;
    await nextTick();
    const place = document.getElementById(decodeURIComponent(String(hash).slice(1)));
    place?.scrollIntoView({ block: "start" });
    place?.focus({ preventScroll: true });
  });
}
