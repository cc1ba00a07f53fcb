/** Classes between two moments, as the asker may see them. */
import type { Ref } from "vue";
import { http } from "@/net/session";
import type { ClassView } from "@/net/types";
import { type Loaded, useLoad } from "@/ui/useLoad";

interface Listed {
  readonly items: ClassView[];
}

/** `span` in milliseconds since the epoch, at most 100 days; `mine`: only those I run; asked again whenever it changes. */
export function useClasses(
  span: Ref<{ readonly from: number; readonly until: number }>,
  mine = false,
): Loaded<Listed> {
  const instant = (at: number): string => new Date(at).toISOString();
  return useLoad(() => {
    const { from, until } = span.value;
    return http.get<Listed>("/classes", { from: instant(from), until: instant(until), mine });
  }, [() => span.value.from]);
}
