/** Copies what stands on the page. */

/**
 * Puts the text of an element on the clipboard; false: it is chosen on the page, to be copied by hand. On plain http
 * browsers withhold the clipboard, and where they have it they may still refuse; then the older way is tried.
 */
export async function copyFrom(element: Element): Promise<boolean> {
  const text = element.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(element);
  }
}

function copySelected(element: Element): boolean {
  const selection = getSelection();
  selection?.selectAllChildren(element);
  try {
    if (!document.execCommand("copy")) return false;
  } catch {
    return false;
  }
  selection?.removeAllRanges();
  return true;
}
