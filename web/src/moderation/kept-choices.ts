/** Choices of the desk's list that somebody makes often, kept in this browser for each account. */

export interface KeptChoice {
  query: Record<string, string>;
  /** What its place was called, told while nothing waits there. */
  place?: string;
  /** What its sub-centre was called. */
  centre?: string;
}

const NAMES = ["kind", "place", "centre", "sort"] as const;
const MOST = 10;

/** What a query narrows the list to, always in the same order. */
export function chosenOf(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(NAMES.flatMap((name) => (query[name] ? [[name, String(query[name])]] : [])));
}

/** By what a choice is known again: by what it narrows the list to, whatever that is called. */
export function keyOf(query: Record<string, unknown>): string {
  return JSON.stringify(chosenOf(query));
}

export function keptChoices(storage: Pick<Storage, "getItem" | "setItem">, account: string) {
  const key = `desk.choices.${account}`;
  const all = () => JSON.parse(storage.getItem(key) ?? "[]") as KeptChoice[];
  const others = (query: KeptChoice["query"]) => all().filter((each) => keyOf(each.query) !== keyOf(query));

  function keep(list: KeptChoice[]): KeptChoice[] {
    storage.setItem(key, JSON.stringify(list));
    return list;
  }

  return {
    all,
    /** The newest last; the oldest goes where there are too many. */
    add: (choice: KeptChoice) => keep([...others(choice.query), choice].slice(-MOST)),
    drop: (query: KeptChoice["query"]) => keep(others(query)),
  };
}
