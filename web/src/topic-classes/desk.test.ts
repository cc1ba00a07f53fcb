/** The plan on its desk, against a server that others write to as well. */
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import ModulesEditor from "./ModulesEditor.vue";
import PlanTab from "./PlanTab.vue";
import type { ModuleList, TopicClass, TopicModule } from "./types";

const CHANGED = { by: { id: "c", name: "陈立" }, at: "2026-09-16T02:31:00Z" };
const PLAN = {
  id: "7",
  title: "乡村振兴专题班",
  about: "",
  unit: { id: "u", name: "合肥市" },
  begins_at: "2026-09-10T01:00:00Z",
  ends_at: "2026-10-10T10:00:00Z",
  state: "published",
  version: 3,
  changed: null,
  credit: "by_module",
  hours: null,
  credit_fixed: true,
  may: ["plan"],
} as unknown as TopicClass;

/** What the server has, and what it was sent. */
let saved: { plan: TopicClass; modules: ModuleList };
let sent: { path: string; body: Record<string, unknown> }[];

function lesson(class_id: string): TopicModule {
  const known = { lecturer: "孙老师", starts_at: PLAN.begins_at, planned_minutes: 90, state: "scheduled" };
  return {
    ...known,
    class_id,
    title: `第 ${class_id} 讲`,
    nominal_hours: "2.0",
    needed: true,
  } as TopicModule;
}

function refused(version: number): Response {
  const told = { code: "topic_class.changed", data: { version, by: "陈立", at: CHANGED.at } };
  return new Response(JSON.stringify(told), { status: 412 });
}

const answer = (body: unknown) => new Response(JSON.stringify(body), { status: 200 });

async function serve(url: string, init: RequestInit = {}): Promise<Response> {
  const path = url.replace("/api/v1/topic-classes/7", "");
  if (!init.method || init.method === "GET") {
    return answer(path === "/modules" ? saved.modules : path === "" ? saved.plan : { items: [] });
  }
  const body = JSON.parse(String(init.body)) as Record<string, unknown>;
  sent.push({ path, body });
  const { version, ...rest } = body;
  if (version !== saved.plan.version) return refused(saved.plan.version);
  saved.plan = { ...saved.plan, version: saved.plan.version + 1 };
  if (path === "/plan") saved.plan = { ...saved.plan, ...rest };
  else {
    const wanted = rest.modules as { class_id: string; needed: boolean }[];
    const items = wanted.map(({ class_id, needed }) => ({ ...lesson(class_id), needed }));
    saved.modules = { version: saved.plan.version, items, discussion: null };
  }
  return answer(path === "/plan" ? saved.plan : saved.modules);
}

function shown<C>(component: C, props: object) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/:all(.*)*", component: PlanTab }],
  });
  return mount(component as typeof PlanTab, {
    props: props as { view: TopicClass },
    global: { plugins: [router] },
    attachTo: document.body,
  });
}

/** Somebody else saves something. */
function another(change: Partial<TopicClass>): void {
  saved.plan = { ...saved.plan, ...change, version: saved.plan.version + 1, changed: CHANGED };
}

beforeEach(() => {
  sent = [];
  saved = { plan: PLAN, modules: { version: 3, items: ["a", "b", "c"].map(lesson), discussion: null } };
  vi.stubGlobal("fetch", serve);
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.innerHTML = "";
});

describe("the form of the plan", () => {
  async function form(view = PLAN) {
    const page = shown(PlanTab, { view });
    await flushPromises();
    const title = page.get<HTMLInputElement>("form.form input");
    const save = async () => {
      await page.get("form.form").trigger("submit");
      await flushPromises();
    };
    return { page, title, save };
  }

  it("follows the version of the page, so that what I publish is no conflict with myself", async () => {
    const { page, title, save } = await form();
    await title.setValue("我题");
    saved.plan = { ...saved.plan, version: 4 };
    await page.setProps({ view: saved.plan });
    await save();
    expect(sent).toEqual([{ path: "/plan", body: { version: 4, title: "我题" } }]);
    expect(page.find(".note").exists()).toBe(false);
  });

  it("lets both changes stand where another changed something else", async () => {
    const { title, save } = await form();
    await title.setValue("我题");
    another({ about: "他的简介" });
    await save();
    expect([saved.plan.title, saved.plan.about]).toEqual(["我题", "他的简介"]);
    expect(sent.map(({ body }) => body)).toEqual([
      { version: 3, title: "我题" },
      { version: 4, title: "我题" },
    ]);
  });

  it("names who changed the same and when, shows both, and sends nothing before I choose", async () => {
    const { page, title, save } = await form();
    await title.setValue("我题");
    another({ title: "他题" });
    await save();
    const note = page.get(".note").text();
    for (const text of ["陈立在 9 月 16 日 10:31 修改了此内容", "他题", "我题"]) expect(note).toContain(text);
    expect(sent).toHaveLength(1);
    await page.get(".note .el-button--primary").trigger("click");
    await flushPromises();
    expect(saved.plan.title).toBe("我题");
    expect(page.find(".note").exists()).toBe(false);
  });

  it("shows a date that I emptied beside theirs", async () => {
    const { page, save } = await form();
    await page.get("input[type=date]").setValue("");
    another({ begins_at: "2026-09-11T01:00:00Z" });
    await page.setProps({ view: saved.plan });
    expect(page.get(".note").text()).toContain("2026-09-11 09:00");
    await save();
    expect(sent).toEqual([]);
  });

  it("comes back after a reload with what I typed alone, over what another saved meanwhile", async () => {
    const before = await form();
    await before.title.setValue("我题");
    before.page.unmount();
    another({ about: "他的简介" });
    const { page, title, save } = await form(saved.plan);
    expect(title.element.value).toBe("我题");
    expect(page.get<HTMLTextAreaElement>("form.form textarea").element.value).toBe("他的简介");
    await save();
    expect(sent).toEqual([{ path: "/plan", body: { version: 4, title: "我题" } }]);
    expect(Object.keys(localStorage).filter((key) => key.startsWith("draft."))).toEqual([]);
  });
});

describe("the table of modules", () => {
  async function table() {
    const page = shown(ModulesEditor, { view: PLAN, writes: true });
    await flushPromises();
    const button = (id: string, way: number) => page.get<HTMLButtonElement>(`[data-move="${id} ${way}"]`);
    return { page, button };
  }

  it("keeps the focus on the row that moves, also at the end of the list", async () => {
    const { page, button } = await table();
    for (const way of [1, 1]) {
      button("a", way).element.focus();
      await button("a", way).trigger("click");
      await flushPromises();
    }
    expect(saved.modules.items.map(({ class_id }) => class_id)).toEqual(["b", "c", "a"]);
    expect(document.activeElement).toBe(button("a", -1).element);
    expect(page.find("[role=alert]").exists()).toBe(false);
  });

  it("gives the focus to the row after the one that was taken out, and to the choice after the last", async () => {
    const { page } = await table();
    const out = (id: string) => page.get<HTMLButtonElement>(`[data-out="${id}"]`);
    await out("c").trigger("click");
    await flushPromises();
    expect(document.activeElement).toBe(out("b").element);
    for (const id of ["a", "b"]) {
      await out(id).trigger("click");
      await flushPromises();
    }
    expect(document.activeElement).toBe(page.get("select").element);
    expect(saved.modules.items).toEqual([]);
  });

  it("sends one act after the other, each at the version that the one before made", async () => {
    const { button } = await table();
    await button("a", 1).trigger("click");
    await button("a", 1).trigger("click");
    await flushPromises();
    expect(sent.map(({ body }) => body.version)).toEqual([3, 4]);
    expect(saved.modules.items.map(({ class_id }) => class_id)).toEqual(["b", "c", "a"]);
  });

  it("takes a tick back that was refused, names who was faster, and shows the list as it is now", async () => {
    const { page } = await table();
    another({});
    saved.modules = { ...saved.modules, version: 4, items: ["b", "a"].map(lesson) };
    await page.get(".tick").setValue(false);
    await flushPromises();
    expect(page.get("[role=alert]").text()).toContain("陈立在 9 月 16 日 10:31 修改了此专题班");
    expect(page.findAll<HTMLInputElement>(".tick").map(({ element }) => element.checked)).toEqual([
      true,
      true,
    ]);
    expect(page.get("tbody").text()).not.toContain("第 c 讲");
  });

  it("takes the tick of the discussion back, too", async () => {
    const { page } = await table();
    another({});
    const box = page.get<HTMLInputElement>("fieldset input");
    await box.setValue(true);
    await flushPromises();
    expect(box.element.checked).toBe(false);
  });
});
