import { mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PresenceCheck } from "./check";
import PresenceDialog from "./PresenceDialog.vue";

vi.mock("./tone", () => ({ playTone: vi.fn() }));

let dialog: VueWrapper;

async function asked(answer_s = 120): Promise<void> {
  const check = new PresenceCheck({ check: "c1", answer_s }, performance.now());
  dialog = mount(PresenceDialog, { props: { check, now: performance.now() }, attachTo: document.body });
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  document.title = "乡村治理 - 干部网络学院";
  document.body.innerHTML = '<textarea id="composer"></textarea>';
  document.getElementById("composer")?.focus();
});
afterEach(() => {
  dialog.unmount();
  vi.useRealTimers();
});

describe("presence dialog", () => {
  it("puts the focus on its title, so that no key under way answers", async () => {
    await asked();
    expect(document.activeElement?.id).toBe("presence-title");
    expect(dialog.find("[role=alertdialog]").attributes("aria-labelledby")).toBe("presence-title");
  });

  it("tells that it was shown, counts down in the tab and speaks once", async () => {
    await asked();
    expect(dialog.emitted("shown")).toHaveLength(1);
    expect(document.title).toBe("(120) 请确认仍在学习");
    const spoken = dialog.find("[aria-live=assertive]");
    expect(spoken.text()).toBe("请确认您正在学习，还剩 120 秒");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([document.title, spoken.text()]).toEqual(["(60) 请确认仍在学习", "请确认您正在学习，还剩 60 秒"]);
  });

  it("keeps the focus between the question and its one answer", async () => {
    await asked();
    const button = dialog.find("button").element;
    for (const expected of [button, document.getElementById("presence-title"), button]) {
      await dialog.find("[role=alertdialog]").trigger("keydown", { key: "Tab" });
      expect(document.activeElement).toBe(expected);
    }
  });

  it("gives the focus and the tab's name back", async () => {
    await asked();
    dialog.unmount();
    expect([document.activeElement?.id, document.title]).toEqual(["composer", "乡村治理 - 干部网络学院"]);
  });

  it("names the longer time of who asked for it", async () => {
    await asked(300);
    expect(dialog.text()).toContain("请在 5 分钟内点击确认");
  });
});
