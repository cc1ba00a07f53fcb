/** Lists that the forms of the roster choose from, in the order of Art. 5 and rules §5, §8. */
import type { RoleName } from "@/net/types";
import type { Unit } from "./types";

export const CATEGORIES = ["officials", "enterprise", "institutions", "village", "professionals"];

export const LEAVING = ["retired", "resigned", "deceased", "moved", "other"] as const;

export const ROLES: RoleName[] = ["lecturer", "moderator", "sub_centre_admin", "academy_admin", "auditor"];

/** Units as an indented list: every unit after its parent, siblings in the order given. */
export function unitTree(units: readonly Unit[]): { value: string; label: string }[] {
  const known = new Set(units.map(({ id }) => id));
  const below = (parent: string | null, depth: number): { value: string; label: string }[] =>
    units
      .filter((unit) =>
        parent === null ? unit.parent === null || !known.has(unit.parent) : unit.parent === parent,
      )
      .flatMap((unit) => [
        { value: unit.id, label: `${"　".repeat(depth)}${unit.name}` },
        ...below(unit.id, depth + 1),
      ]);
  return below(null, 0);
}
