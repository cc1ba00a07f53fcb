/** The state of a list lives in the address: back, bookmark and share keep filters, order and page. */
import { computed, type WritableComputedRef } from "vue";
import { type LocationQuery, useRoute, useRouter } from "vue-router";

/** One parameter of the query; setting it goes back to the first page. Empty is left out of the address. */
export function useQueryValue(name: string, fallback = ""): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => one(route.query, name) ?? fallback,
    set: (value) => {
      const query = { ...route.query, [name]: value === fallback ? undefined : value };
      if (name !== "page") query.page = undefined;
      void router.replace({ query });
    },
  });
}

function one(query: LocationQuery, name: string): string | null {
  const value = query[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
