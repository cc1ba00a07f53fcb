import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import DeskFilters from "./DeskFilters.vue";
import type { Choice } from "./types";

const place = (id: string, name: string, count: number): Choice => ({ kind: "thread", id, name, count });

async function filters(at: string, places: Choice[]) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/desk", component: {} }],
  });
  await router.push(at);
  const choices = { kinds: {}, places, centres: [] };
  const shown = mount(DeskFilters, { props: { choices }, global: { plugins: [router] } });
  await flushPromises();
  const labels = () => shown.findAll("option").map((each) => each.text());
  const press = async (label: string) => {
    const found = shown.findAll("button").find((each) => each.text() === label);
    await found?.trigger("click");
    await flushPromises();
    return found !== undefined;
  };
  return { router, labels, press };
}

beforeEach(() => localStorage.clear());
enableAutoUnmount(afterEach);

it("names a kept place by its own name, also one with a number in brackets, and when nothing waits there", async () => {
  const here = await filters("/desk?place=p1&sort=waited", [place("p1", "学习体会 (2)", 3)]);
  expect(await here.press("保存常用筛选")).toBe(true);
  expect(here.labels()).toContain("学习体会 (2) · 等待最久");
  const later = await filters("/desk?place=p1", []);
  expect(later.labels()).toEqual(expect.arrayContaining(["学习体会 (2) (0)", "学习体会 (2) · 等待最久"]));
});

it("knows a place by its id, whatever it is called now, and lets a kept choice go", async () => {
  const here = await filters("/desk?place=p1", [place("p1", "学习体会", 3)]);
  await here.press("保存常用筛选");
  const renamed = await filters("/desk?place=p1", [place("p1", "读书体会", 1), place("p2", "学习体会", 2)]);
  expect(renamed.labels()).toContain("读书体会");
  expect(await renamed.press("保存常用筛选")).toBe(false);
  expect(await renamed.press("删除此常用筛选")).toBe(true);
  expect(renamed.labels()).not.toContain("读书体会");
});
