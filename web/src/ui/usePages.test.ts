import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { effectScope, ref } from "vue";
import { LineLost } from "@/net/refusal";
import { usePages } from "./usePages";

interface Page {
  items: string[];
  next: number | null;
}

/** Pages of which each answer comes when the test says so. */
function list(source = ref("a")) {
  const answers: { cursor: number | null; come: (page: Page) => void; fail: (why: unknown) => void }[] = [];
  const fetching = (cursor: number | null) =>
    new Promise<Page>((come, fail) => answers.push({ cursor, come, fail }));
  const made = effectScope().run(() => usePages(fetching, ({ next }) => next, [source]));
  const { load, pages, further } = made as NonNullable<typeof made>;
  const shown = () => pages.value.flatMap(({ items }) => items);
  async function comes(items: string[], next: number | null): Promise<void> {
    answers.shift()?.come({ items, next });
    await flushPromises();
  }
  return { answers, load, further, shown, comes };
}

it("goes on from page to page, each fetched once however often it is asked for", async () => {
  const { answers, further, shown, comes } = list();
  await comes(["1"], 10);
  void further.fetch();
  void further.fetch();
  expect(answers.map(({ cursor }) => cursor)).toEqual([10]);
  await comes(["2"], 20);
  void further.fetch();
  expect(answers.map(({ cursor }) => cursor)).toEqual([20]);
  await comes(["3"], null);
  expect([shown(), further.there.value]).toEqual([["1", "2", "3"], false]);
});

it("tells of a page that did not come, keeps what it has, and can be asked again", async () => {
  const { answers, further, shown, comes } = list();
  await comes(["1"], 10);
  void further.fetch();
  answers.shift()?.fail(new LineLost());
  await flushPromises();
  expect([shown(), further.refusal.value?.code, further.there.value]).toEqual([["1"], "line.lost", true]);
  void further.fetch();
  await comes(["2"], null);
  expect([shown(), further.refusal.value]).toEqual([["1", "2"], null]);
});

it("throws away a further page of a list that has begun anew", async () => {
  const source = ref("a");
  const { answers, further, shown, comes } = list(source);
  await comes(["a1"], 10);
  void further.fetch();
  source.value = "b";
  await flushPromises();
  const [old, fresh] = answers.splice(0);
  void further.fetch();
  expect([further.busy.value, answers.length]).toEqual([true, 0]);
  fresh?.come({ items: ["b1"], next: 10 });
  await flushPromises();
  old?.come({ items: ["a2"], next: null });
  await flushPromises();
  expect([shown(), further.there.value]).toEqual([["b1"], true]);
});
