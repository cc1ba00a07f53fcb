import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Component, defineComponent, h, nextTick, ref } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import { LineLost, Refusal } from "@/net/refusal";
import AppButton from "./AppButton.vue";
import AppDialog from "./AppDialog.vue";
import { findings } from "./axe";
import CheckField from "./CheckField.vue";
import DataTable from "./DataTable.vue";
import EmptyState from "./EmptyState.vue";
import FilterChips from "./FilterChips.vue";
import LoadGate from "./LoadGate.vue";
import PagerNav from "./PagerNav.vue";
import PageTitle from "./PageTitle.vue";
import RefusalNote from "./RefusalNote.vue";
import SelectField from "./SelectField.vue";
import StatusTag from "./StatusTag.vue";
import TextField from "./TextField.vue";
import { useLoad } from "./useLoad";
import WhyFigure from "./WhyFigure.vue";
import YearBand from "./YearBand.vue";

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:all(.*)*", component: {} }],
});

function show(component: Component, options: { props?: object; slots?: Record<string, unknown> } = {}) {
  return mount(component, {
    attachTo: document.body,
    global: { plugins: [router], stubs: { transition: false } },
    ...(options as object),
  });
}

afterEach(() => {
  document.body.innerHTML = "";
});

describe("every component passes axe", () => {
  const columns = [
    { key: "name", label: "姓名", sort: "name" },
    { key: "act", label: "操作", quiet: true },
  ];
  const calendar = { year: 2026, year_end: "10-31", makeup_start: "11-01", makeup_end: "11-30" };
  const entries = [{ date: "2026-03-16T02:00:00Z", nature: "required", kind: "credit" }];
  const cases: [string, Component, object][] = [
    [
      "button",
      AppButton,
      { props: { icon: "tick", disabled: true, reason: "先填写理由" }, slots: { default: "通过" } },
    ],
    ["link as button", AppButton, { props: { to: "/live" }, slots: { default: "直播" } }],
    ["text field", TextField, { props: { modelValue: "", label: "账号", hint: "工号", error: "请填写" } }],
    ["password", TextField, { props: { modelValue: "", label: "密码", type: "password" } }],
    ["long text", TextField, { props: { modelValue: "", label: "理由", lines: 3, max: 500 } }],
    [
      "select",
      SelectField,
      { props: { modelValue: "a", label: "学年", options: [{ value: "a", label: "2026" }] } },
    ],
    ["check", CheckField, { props: { modelValue: true, label: "延长应答时间", hint: "5 分钟" } }],
    [
      "table",
      DataTable,
      { props: { caption: "名册", columns, rows: [{ name: "王芳" }], rowKey: () => "1", sort: "-name" } },
    ],
    ["pager", PagerNav, { props: { page: 2, size: 20, total: 100 } }],
    [
      "chips",
      FilterChips,
      {
        props: {
          filters: [
            { name: "q", label: "张" },
            { name: "state", label: "在册" },
          ],
          total: 3,
        },
      },
    ],
    ["title", PageTitle, { props: { title: "为什么", crumbs: [{ label: "学时", to: "/hours" }] } }],
    [
      "refusal",
      RefusalNote,
      { props: { refusal: new Refusal({ code: "power.missing", basis: "art-16" }, 403) } },
    ],
    ["tag", StatusTag, { props: { tone: "ok", icon: "tick" }, slots: { default: "已完成" } }],
    ["why", WhyFigure, { props: { to: "/hours" }, slots: { default: "31.6" } }],
    ["empty", EmptyState, { props: { text: "没有记录", drawing: "ledger" } }],
    ["year band", YearBand, { props: { calendar, entries, today: "2026-11-25T00:00:00Z" } }],
  ];

  it.each(cases)("%s", async (_, component, options) => {
    const shown = show(component, options);
    expect(await findings(shown.element.parentElement as Element)).toEqual([]);
  });
});

describe("a field", () => {
  it("is tied to its label, its hint and its error", async () => {
    const field = show(TextField, {
      props: { modelValue: "", label: "账号", hint: "工号", error: "请填写" },
    });
    await nextTick();
    const input = field.get("input");
    expect(field.get("label").attributes("for")).toBe(input.attributes("id"));
    const described = (input.attributes("aria-describedby") ?? "").split(" ");
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual(["工号", "请填写"]);
    expect(input.attributes("aria-invalid")).toBe("true");
  });

  it("shows a password and says so", async () => {
    const field = show(TextField, { props: { modelValue: "x", label: "密码", type: "password" } });
    await field.get("button").trigger("click");
    expect(field.get("input").attributes("type")).toBe("text");
    expect(field.get("button").attributes("aria-pressed")).toBe("true");
  });
});

describe("a table", () => {
  it("is ordered by its heading, then the other way round", async () => {
    const columns = [{ key: "name", label: "姓名", sort: "name" }];
    const table = show(DataTable, {
      props: { caption: "名册", columns, rows: [], rowKey: () => "", sort: "" },
    });
    await table.get("th button").trigger("click");
    expect(table.emitted("update:sort")).toEqual([["name"]]);
    await table.setProps({ sort: "name" });
    expect(table.get("th").attributes("aria-sort")).toBe("ascending");
    await table.get("th button").trigger("click");
    expect(table.emitted("update:sort")).toEqual([["name"], ["-name"]]);
  });
});

describe("a refusal", () => {
  it("says what happened and links what it stands on", () => {
    const note = show(RefusalNote, {
      props: { refusal: new Refusal({ code: "review.late", basis: "art-12" }, 409) },
    });
    expect(note.text()).toContain("申请复核的期限已过");
    expect(note.get("a").text()).toBe("《办法》第十二条");
    expect(note.get("a").attributes("href")).toBe("/regulation#art-12");
    expect(note.attributes("role")).toBe("alert");
  });
});

describe("a dialog", () => {
  it("has a name, takes the focus and closes by Esc", async () => {
    const open = ref(false);
    const host = defineComponent({
      render: () =>
        h(
          AppDialog,
          {
            title: "停用账号",
            modelValue: open.value,
            "onUpdate:modelValue": (to: boolean) => (open.value = to),
          },
          { default: () => h("button", "确认") },
        ),
    });
    show(host);
    open.value = true;
    await nextTick();
    await flushPromises();
    const dialog = document.querySelector("[role=dialog]");
    expect(
      document.getElementById(dialog?.getAttribute("aria-labelledby") ?? "")?.textContent ??
        dialog?.getAttribute("aria-label"),
    ).toBe("停用账号");
    expect(await findings(document.body)).toEqual([]);
    expect(dialog?.contains(document.activeElement)).toBe(true);
    document.dispatchEvent(new KeyboardEvent("keydown", { code: "Escape", key: "Escape", bubbles: true }));
    await vi.waitFor(() => expect(open.value).toBe(false));
  });
});

describe("a page that loads", () => {
  function page(fetching: () => Promise<string>) {
    return show(
      defineComponent({
        setup() {
          const load = useLoad(fetching);
          return () => h(LoadGate, { load }, { default: () => h("p", load.data.value ?? "") });
        },
      }),
    );
  }

  it("keeps its place from the beginning and shows it after 200 ms", async () => {
    vi.useFakeTimers();
    const shown = page(() => new Promise(() => {}));
    await nextTick();
    const place = shown.get(".block");
    expect((place.element as HTMLElement).style.minHeight).toBe("160px");
    expect(place.classes()).not.toContain("slow");
    vi.advanceTimersByTime(200);
    await nextTick();
    expect(place.classes()).toContain("slow");
    vi.useRealTimers();
  });

  it("shows a refusal in words, and a fault with a way on", async () => {
    const refused = page(() => Promise.reject(new Refusal({ code: "power.missing" }, 403)));
    await flushPromises();
    expect(refused.get("[role=alert]").text()).toContain("没有此操作的权限");
    let broken = true;
    const faulty = page(() => (broken ? Promise.reject(new Error("x")) : Promise.resolve("好了")));
    await flushPromises();
    broken = false;
    await faulty.get("button").trigger("click");
    await flushPromises();
    expect(faulty.text()).toBe("好了");
  });

  it.each([
    ["no answer comes", new LineLost(), "旧"],
    ["the server can't just now", new Refusal({ code: "server.busy" }, 503), "旧"],
    ["it may not be seen any more", new Refusal({ code: "power.missing" }, 403), null],
  ])("keeps what it shows, or not, when %s", async (_, reason, kept) => {
    const answers = [() => Promise.resolve("旧"), () => Promise.reject(reason)];
    const load = useLoad(() => answers.shift()?.() as Promise<string>);
    await flushPromises();
    await load.reload();
    expect([load.data.value, load.failed.value]).toEqual([kept, true]);
  });

  it("shows no former answer to another question", async () => {
    const answers = [() => Promise.resolve("旧"), () => Promise.reject(new LineLost())];
    const asked = ref("a");
    const load = useLoad(() => answers.shift()?.() as Promise<string>, [asked]);
    await flushPromises();
    asked.value = "b";
    await flushPromises();
    expect([load.data.value, load.failed.value]).toEqual([null, true]);
  });

  it("throws away an answer that was overtaken", async () => {
    const answers: ((text: string) => void)[] = [];
    const source = ref(0);
    const load = useLoad(() => new Promise<string>((resolve) => answers.push(resolve)), [source]);
    source.value = 1;
    await nextTick();
    answers[1]?.("新");
    answers[0]?.("旧");
    await flushPromises();
    expect(load.data.value).toBe("新");
  });
});
