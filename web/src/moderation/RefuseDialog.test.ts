import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { LineLost } from "@/net/refusal";
import RefuseDialog from "./RefuseDialog.vue";
import type { Item } from "./types";

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:all(.*)*", component: {} }],
});
const item = { id: "p1", text: "重复的话", marks: [] as Item["marks"], category: "flooding" } as Item;

type Decide = (given: { reason?: string }, accepted: () => void) => Promise<void>;

async function opened(decide: Decide) {
  const shown = mount(RefuseDialog, {
    props: { item, decide, modelValue: null, "onUpdate:modelValue": close },
    global: { plugins: [router], stubs: { transition: false } },
    attachTo: document.body,
  });
  function close(to: unknown): void {
    void shown.setProps({ modelValue: to as null });
  }
  await shown.setProps({ modelValue: "reject" });
  await flushPromises();
  const field = document.querySelector("textarea") as HTMLTextAreaElement;
  async function send(reason = field.value): Promise<void> {
    field.value = reason;
    field.dispatchEvent(new Event("input"));
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await flushPromises();
  }
  return { shown, field, send };
}

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = "";
});

it("keeps the reason where the line was lost, and over a reload, until the decision is taken", async () => {
  const given: string[] = [];
  let there = false;
  const decide: Decide = async ({ reason }, accepted) => {
    if (!there) throw new LineLost();
    given.push(String(reason));
    accepted();
  };
  const first = await opened(decide);
  await first.send("与主题无关");
  expect(first.shown.props("modelValue")).toBe("reject");
  expect(document.querySelector("[role=alert]")).not.toBeNull();
  expect(first.field.value).toBe("与主题无关");
  first.shown.unmount();

  there = true;
  const second = await opened(decide);
  expect(second.field.value).toBe("与主题无关");
  await second.send();
  expect([given, second.shown.props("modelValue")]).toEqual([["与主题无关"], null]);
  second.shown.unmount();
  expect((await opened(decide)).field.value).toBe("");
});
