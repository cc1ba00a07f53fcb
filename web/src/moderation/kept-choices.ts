/** Choices of the desk's list that somebody makes often, kept in this browser for each account. */

export interface KeptChoice {
  name: string;
  query: Record<string, string>;
}

const NAMES = ["kind", "place", "centre", "sort"] as const;
const MOST = 10;

/** What a query narrows the list to, always in the same order. */
export function chosenOf(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(NAMES.flatMap((name) => (query[name] ? [[name, String(query[name])]] : [])));
}

export function keptChoices(storage: Pick<Storage, "getItem" | "setItem">, account: string) {
  const key = `desk.choices.${account}`;
  const all = () => JSON.parse(storage.getItem(key) ?? "[]") as KeptChoice[];

  /** The newest last; the oldest goes where there are too many. */
  function add(choice: KeptChoice): KeptChoice[] {
    const list = [...all().filter(({ name }) => name !== choice.name), choice].slice(-MOST);
    storage.setItem(key, JSON.stringify(list));
    return list;
  }

  return { all, add };
}
