/** Classes between two moments, as the asker may see them. */
import type { Ref } from "vue";
import { http } from "@/net/session";
import type { ClassView } from "@/net/types";
import { type Loaded, useLoad } from "@/ui/useLoad";

interface Listed {
  readonly items: ClassView[];
}

/** `span` in milliseconds since the epoch; asked again whenever it changes. */
export function useClasses(span: Ref<{ readonly from: number; readonly until: number }>): Loaded<Listed> {
  const instant = (at: number): string => new Date(at).toISOString();
  return useLoad(
    () => http.get<Listed>("/classes", { from: instant(span.value.from), until: instant(span.value.until) }),
    [() => span.value.from],
  );
}
