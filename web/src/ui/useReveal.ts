/** A line of links that is scrolled on a phone: the page one is on stays in sight. */
import { nextTick, onMounted, type Ref, watch } from "vue";
import { useRoute } from "vue-router";

export function useReveal(line: Readonly<Ref<HTMLElement | null>>): void {
  const route = useRoute();

  function reveal(): void {
    const here = line.value?.querySelector<HTMLElement>("[aria-current=page]");
    if (here && line.value)
      line.value.scrollLeft = here.offsetLeft - line.value.clientWidth / 2 + here.clientWidth / 2;
  }

  onMounted(reveal);
  watch(
    () => route.path,
    () => void nextTick(reveal),
  );
}
