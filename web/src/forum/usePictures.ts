/** The pictures of a post that is being written, kept in this browser like its text. */
import { type Ref, ref, watch } from "vue";
import { useDraft } from "@/ui/useDraft";
import type { Picture } from "./types";

export function usePictures(field: string): Ref<Picture[]> {
  const kept = useDraft(`${field}.pictures`);
  const pictures = ref(JSON.parse(kept.value || "[]") as Picture[]);
  watch(pictures, (list) => (kept.value = list.length ? JSON.stringify(list) : ""));
  return pictures;
}
