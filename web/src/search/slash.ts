/** `/` leads to the search field, from anywhere but where one writes (WCAG 2.1.4: it can be switched off). */
import { onBeforeUnmount, onMounted } from "vue";
import { shortcutsOn } from "@/ui/preferences";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "target">;

export function isSlash(event: Pressed): boolean {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  const taken = "input, textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog]";
  return shortcutsOn() && !target?.closest(taken);
}

/** Calls `run` when `/` is pressed while the component is there. */
export function useSlash(run: () => void): void {
  function pressed(event: KeyboardEvent): void {
    if (!isSlash(event)) return;
    event.preventDefault();
    run();
  }
  onMounted(() => window.addEventListener("keydown", pressed));
  onBeforeUnmount(() => window.removeEventListener("keydown", pressed));
}
