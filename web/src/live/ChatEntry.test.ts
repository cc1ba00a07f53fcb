import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import ChatEntry from "./ChatEntry.vue";
import type { Entry } from "./chat";

const MINE: Entry = {
  key: "d1",
  post: "p1",
  author: { id: "me", name: "王芳", unit: "合肥市", role: "learner" },
  text: "一些内容在这里",
  written_at: "2026-09-16T02:03:00Z",
  at_ms: null,
  mine: true,
  state: "published",
  kind: null,
  basis: null,
  reason: null,
  marks: [],
};

function shown(change: Partial<Entry>) {
  return mount(ChatEntry, {
    props: { entry: { ...MINE, ...change } },
    global: { stubs: { BasisLink: true } },
  });
}

function buttons(change: Partial<Entry>): string[] {
  return shown(change)
    .findAll("button")
    .map((button) => button.text());
}

describe("chat entry", () => {
  it.each<[Partial<Entry>, string, string[]]>([
    [{ state: "sending" }, "发送中…", []],
    [{ state: "waiting" }, "待发送", []],
    [{ state: "held" }, "待审核（仅自己可见）", ["撤回"]],
    [{ state: "failed" }, "发送失败", ["重试", "修改"]],
    [{ state: "blocked" }, "暂不能发表", ["修改"]],
    [{ state: "withdrawn" }, "已撤回", []],
    [{ state: "rejected", kind: "advertising", reason: "推销" }, "未通过：广告、营销，推销", ["申请复核"]],
    [{ state: "removed", kind: "abuse", reason: "谩骂" }, "已被移除：侮辱、谩骂、威胁，谩骂", ["申请复核"]],
  ])("tells %o as %s", (change, said, offered) => {
    expect(shown(change).find(".state").text()).toContain(said);
    expect(buttons(change)).toEqual(offered);
  });

  it("says nothing more of a message of mine that is there for all", () => {
    expect(shown({}).find(".state").exists()).toBe(false);
    expect(buttons({})).toEqual([]);
  });

  it("marks the passage that was matched and leaves the text whole", () => {
    const entry = shown({ state: "blocked", marks: [[2, 4]] });
    expect(entry.find("mark").text()).toBe("内容");
    expect(entry.find(".text").text()).toBe("一些内容在这里");
  });

  it("lets others be reported and names lecturers", () => {
    const other = {
      mine: false,
      author: { id: "li", name: "李明远", unit: null, role: "lecturer" as const },
    };
    expect(buttons(other)).toEqual(["举报"]);
    expect(shown(other).find(".by").text()).toContain("讲师");
  });
});
