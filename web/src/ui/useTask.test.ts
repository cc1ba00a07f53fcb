import { expect, it } from "vitest";
import { nextTick, ref } from "vue";
import { LineLost, Refusal } from "@/net/refusal";
import { useTask } from "./useTask";

it("is done once, however often it is asked for meanwhile", async () => {
  const asked: number[] = [];
  const { run } = useTask(async (n: number) => asked.push(n));
  await Promise.all([run(1), run(2)]);
  expect(asked).toEqual([1]);
});

it("keeps what was refused, a lost line too, until it is asked for again or something else is shown", async () => {
  const shown = ref("a");
  const reasons: Error[] = [new Refusal({ code: "board.closed" }), new LineLost()];
  const { refusal, run } = useTask(async () => {
    const [reason] = reasons.splice(0, 1);
    if (reason) throw reason;
  }, shown);
  await run();
  expect(refusal.value?.code).toBe("board.closed");
  await run();
  expect(refusal.value?.code).toBe("line.lost");
  shown.value = "b";
  await nextTick();
  expect(refusal.value).toBeNull();
});
