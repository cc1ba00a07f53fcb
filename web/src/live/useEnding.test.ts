import { beforeEach, describe, expect, it } from "vitest";
import { effectScope, nextTick, ref, shallowRef } from "vue";
import type { ClassView } from "@/net/types";
import type { Picture } from "./player";
import { useEnding } from "./useEnding";
import type { PlayerOnPage } from "./usePlayer";

const MOVING = { playing: true, ended: false, position_ms: 1, time: 10, end: 20 } as Picture;

let view: { value: ClassView | null };
let picture: ReturnType<typeof shallowRef<Picture | null>>;
let now: ReturnType<typeof ref<number>>;
let closed: number;
let ends: number;
let ending: ReturnType<typeof useEnding>;

async function at(ms: number, shown: Partial<Picture>): Promise<void> {
  now.value = ms;
  picture.value = { ...MOVING, ...shown };
  await nextTick();
}

function become(state: ClassView["state"], recording: ClassView["recording"] = "none"): void {
  view.value = { state, recording } as ClassView;
}

beforeEach(() => {
  view = shallowRef<ClassView | null>({ state: "on_air", recording: "none" } as ClassView);
  [picture, now, closed, ends] = [shallowRef<Picture | null>(MOVING), ref(0), 0, 0];
  const on = { picture, gone: ref(null), close: () => (closed += 1) } as unknown as PlayerOnPage;
  const parts = {
    view: () => view.value,
    on,
    opened: ref(true),
    now: now as never,
    finish: () => (ends += 1),
  };
  ending = effectScope().run(() => useEnding(parts)) as ReturnType<typeof useEnding>;
});

describe("ending", () => {
  it("waits for the last picture of whoever is behind", async () => {
    become("ended");
    await at(60_000, {});
    expect(ending.finished.value).toBe(false);
    await at(61_000, { playing: false, ended: true });
    expect([ending.finished.value, ends]).toEqual([true, 1]);
  });

  it("takes a picture that stands at the edge for seen, and a weak line for half a minute not", async () => {
    become("ended");
    await at(1_000, { playing: false, time: 12 });
    await at(30_000, { playing: false, time: 12 });
    expect(ending.finished.value).toBe(false);
    await at(31_000, { playing: false, time: 12 });
    expect(ending.finished.value).toBe(true);
  });

  it("ends nothing while the class goes on, however long the picture stands", async () => {
    await at(1_000, { playing: false });
    await at(90_000, { playing: false });
    expect(ends).toBe(0);
  });

  it("takes a cut class from the screen at once", async () => {
    become("ended", "withheld");
    await nextTick();
    expect([closed, ending.finished.value]).toEqual([1, true]);
  });

  it("lets the learner watch on and looks for the end once the picture moves again", async () => {
    become("ended");
    await at(1_000, { playing: false, ended: true });
    ending.goOn();
    await at(90_000, { playing: false, ended: true });
    expect(ending.finished.value).toBe(false);
    await at(91_000, { playing: true });
    await at(95_000, { playing: false, ended: true });
    expect([ending.finished.value, ends]).toEqual([true, 2]);
  });
});
