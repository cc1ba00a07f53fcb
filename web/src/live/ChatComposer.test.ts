import { mount, type VueWrapper } from "@vue/test-utils";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ref } from "vue";
import ChatComposer from "./ChatComposer.vue";
import type { Turn } from "./speaking";
import type { Chat } from "./useChat";

const text = ref("");
const turn = ref<Turn>({ may: true });
const say = vi.fn();
let composer: VueWrapper;

beforeEach(() => {
  [text.value, turn.value] = ["", { may: true }];
  say.mockClear();
  const typed = (value: string): void => {
    text.value = value;
  };
  const chat = { text, turn, typed, say } as unknown as Chat;
  composer = mount(ChatComposer, { props: { chat }, global: { stubs: { BasisLink: true } } });
});

describe("chat composer", () => {
  it("sends by Enter and makes a new line by Shift and Enter", async () => {
    await composer.find("textarea").setValue("大家好");
    await composer.find("textarea").trigger("keydown", { key: "Enter", shiftKey: true });
    expect(say).not.toHaveBeenCalled();
    await composer.find("textarea").trigger("keydown", { key: "Enter" });
    expect(say).toHaveBeenCalledOnce();
  });

  it("never sends while an input method composes", async () => {
    await composer.find("textarea").setValue("nihao");
    await composer.find("textarea").trigger("keydown", { key: "Enter", isComposing: true });
    await composer.find("textarea").trigger("keydown", { key: "Enter", keyCode: 229 });
    expect(say).not.toHaveBeenCalled();
  });

  it("keeps what was typed and says why it cannot be sent", async () => {
    text.value = "写了一半";
    turn.value = { may: false, why: "slow", ms: 11_200 };
    await composer.vm.$nextTick();
    expect(composer.find("textarea").element.value).toBe("写了一半");
    expect(composer.find(".why-not").text()).toBe("还需等待 12 秒");
    expect(composer.find("textarea").attributes("aria-describedby")).toContain("composer-why");
    turn.value = { may: false, why: "frozen" };
    await composer.vm.$nextTick();
    expect(composer.find(".why-not").text()).toBe("讲师已暂停互动，您写的内容已保留");
  });

  it("sends nothing longer than three hundred characters", async () => {
    await composer.find("textarea").setValue("讲".repeat(301));
    await composer.find("textarea").trigger("keydown", { key: "Enter" });
    expect(say).not.toHaveBeenCalled();
    expect(composer.find("textarea").attributes("aria-invalid")).toBe("true");
    expect(composer.find(".count").text()).toBe("301/300");
  });
});
