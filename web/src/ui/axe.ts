/** For tests: what axe finds in a mounted piece of a page (colours are judged in the browser journeys). */
import axe from "axe-core";

export async function findings(element: Element): Promise<string[]> {
  const rules = { "color-contrast": { enabled: false }, region: { enabled: false } };
  const { violations } = await axe.run(element, { rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
