/**
 * A form that more than one person may save: what I typed is brought over what is saved by now.
 *
 * `base` is what the form stood on when it was typed. Where only I changed something, mine stays; where only somebody else
 * did, theirs is taken. Where both did, the form keeps mine and `base` the older value until one of them is chosen.
 */

/** Fields that belong together: changed together, chosen together. */
export type Groups<F> = readonly (readonly (keyof F & string)[])[];

export interface Kept<F> {
  form: F;
  base: F;
  newest: F;
}

/** What was typed and not saved, and what was saved there when it was typed. */
export interface Typed<F> {
  mine: Partial<F>;
  was: Partial<F>;
}

type Group<F> = readonly (keyof F & string)[];

const part = <F extends object>(of: F, group: Group<F>): Partial<F> =>
  Object.fromEntries(group.map((field) => [field, of[field]])) as Partial<F>;

const same = <F extends object>(a: F, b: F, group: Group<F>): boolean =>
  group.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));

/** Nothing is typed. */
export const begun = <F extends object>(values: F): Kept<F> => ({
  form: { ...values },
  base: values,
  newest: values,
});

/** The same form over what is saved now. */
export function over<F extends object>({ form, base }: Kept<F>, newest: F, groups: Groups<F>): Kept<F> {
  const made = { form: { ...form }, base: { ...base }, newest };
  for (const group of groups) {
    if (same(form, base, group)) Object.assign(made.form, part(newest, group));
    if (same(made.form, newest, group)) Object.assign(made.base, part(newest, group));
  }
  return made;
}

/** What was typed before a reload, over what is saved now. */
export function restored<F extends object>({ mine, was }: Typed<F>, newest: F, groups: Groups<F>): Kept<F> {
  return over({ form: { ...newest, ...mine }, base: { ...newest, ...was }, newest }, newest, groups);
}

/** What is typed, for keeping; null for nothing. */
export function typed<F extends object>({ form, base }: Kept<F>, groups: Groups<F>): Typed<F> | null {
  const own = groups.filter((group) => !same(form, base, group)).flat();
  return own.length ? { mine: part(form, own), was: part(base, own) } : null;
}

/** The groups that both changed, and not to the same. */
export function clashes<F extends object>({ form, base, newest }: Kept<F>, groups: Groups<F>): Group<F>[] {
  return groups.filter((group) => !same(newest, base, group) && !same(form, newest, group));
}

/** Mine is chosen: it stands on what is saved now. */
export const mine = <F extends object>({ form, newest }: Kept<F>): Kept<F> => ({
  form,
  base: newest,
  newest,
});

/** Theirs is chosen where both changed; the rest of what I typed stays. */
export function theirs<F extends object>(kept: Kept<F>, groups: Groups<F>): Kept<F> {
  const taken = part(kept.newest, clashes(kept, groups).flat());
  return mine({ ...kept, form: { ...kept.form, ...taken } });
}
