import { enableAutoUnmount, mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter, type Router } from "vue-router";
import SearchField from "./SearchField.vue";

const page = { template: "<p />" };

async function field(live: boolean, at: string) {
  const routes = ["/", "/search"].map((path) => ({ path, component: page }));
  const router: Router = createRouter({ history: createMemoryHistory(), routes });
  await router.push(at);
  const props = { to: "/search", label: "搜索", live };
  const wrapper = mount(SearchField, { props, global: { plugins: [router] }, attachTo: document.body });
  return { router, input: wrapper.get("input"), form: wrapper.get("form") };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
enableAutoUnmount(afterEach);

describe("the search field", () => {
  it("goes to the page of what was found when it is sent, and shows what was asked there", async () => {
    const { router, input, form } = await field(false, "/");
    await input.setValue(" 乡村 ");
    await form.trigger("submit");
    await vi.runAllTimersAsync();
    expect(router.currentRoute.value.fullPath).toBe(`/search?q=${encodeURIComponent("乡村")}`);
    expect((await field(true, "/search?q=电梯")).input.element.value).toBe("电梯");
  });

  it("waits 300 ms for the next letter while one types on the page itself", async () => {
    const { router, input } = await field(true, "/search?q=乡&kind=posts");
    await input.setValue("乡村");
    await vi.advanceTimersByTimeAsync(299);
    expect(router.currentRoute.value.query).toEqual({ q: "乡", kind: "posts" });
    await vi.advanceTimersByTimeAsync(1);
    expect(router.currentRoute.value.query).toEqual({ q: "乡村", kind: "posts" });
  });

  it("does not search for nothing", async () => {
    const { router, input, form } = await field(true, "/search?q=乡");
    await input.setValue("  ");
    await form.trigger("submit");
    await vi.advanceTimersByTimeAsync(400);
    expect(router.currentRoute.value.query).toEqual({ q: "乡" });
  });
});

describe("the key /", () => {
  const press = () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "/", cancelable: true }));

  it("leads to the field of the page, with what was asked there kept and chosen", async () => {
    const { router, input } = await field(true, "/search?q=电梯");
    expect(press()).toBe(false);
    expect(document.activeElement).toBe(input.element);
    expect([input.element.selectionStart, input.element.selectionEnd]).toEqual([0, 2]);
    expect(router.currentRoute.value.query).toEqual({ q: "电梯" });
  });

  it("is left to others by a field that only leads to the page", async () => {
    await field(false, "/");
    expect(press()).toBe(true);
  });
});
