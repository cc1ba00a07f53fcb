/** What every page of a "why" shows around its chain; for oneself or, logged, for another person. */
import { computed } from "vue";
import { useI18n } from "vue-i18n";
import { useRoute } from "vue-router";
import { http } from "@/net/session";
import { hours } from "@/ui/format";
import { useLoad } from "@/ui/useLoad";

/** `about`: the path of what is explained, below the person's. */
export function useWhyPage<T extends { hours: string }>(about: () => string) {
  const { t } = useI18n();
  const route = useRoute();
  const person = computed(() => (route.params.person as string | undefined) ?? null);
  const path = computed(() => `${person.value ? `/people/${person.value}` : ""}${about()}/why`);
  const load = useLoad(() => http.get<T>(path.value), [path]);
  const crumbs = computed(() => [
    {
      label: person.value ? t("nav.hours") : t("hours.title"),
      to: person.value ? `/people/${person.value}/hours` : "/hours",
    },
  ]);
  const title = computed(() =>
    load.data.value ? t("hours.why_title", { n: hours(load.data.value.hours) }) : t("hours.why"),
  );
  return { person, load, crumbs, title };
}
