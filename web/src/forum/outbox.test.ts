import { beforeEach, expect, it } from "vitest";
import { Outbox, type Unsent } from "./outbox";

const reply = (draft: string): Unsent => ({
  draft,
  thread: "t1",
  title: "主题",
  text: `回复 ${draft}`,
  quotes: null,
  pictures: [],
  at: 1,
  refused: null,
});

beforeEach(() => localStorage.clear());

it("keeps replies in their order over a reload, each once", () => {
  const outbox = new Outbox(localStorage, "outbox.a1");
  outbox.add(reply("1"));
  outbox.add(reply("2"));
  outbox.add(reply("2"));
  expect(new Outbox(localStorage, "outbox.a1").all().map(({ draft }) => draft)).toEqual(["1", "2"]);
  expect(new Outbox(localStorage, "outbox.a2").all()).toEqual([]);
});

it("sends no more what was refused, until it is to be tried again", () => {
  const outbox = new Outbox(localStorage, "outbox.a1");
  outbox.add(reply("1"));
  outbox.refuse("1", { code: "board.closed" });
  expect(outbox.waiting()).toEqual([]);
  expect(outbox.all()[0]?.refused?.code).toBe("board.closed");
  outbox.refuse("1", null);
  expect(outbox.waiting().map(({ draft }) => draft)).toEqual(["1"]);
});

it("does not bring back what another window has sent meanwhile", () => {
  const here = new Outbox(localStorage, "outbox.a1");
  const there = new Outbox(localStorage, "outbox.a1");
  here.add(reply("1"));
  here.add(reply("2"));
  there.drop("1");
  here.refuse("1", { code: "mute.active" });
  expect(here.all().map(({ draft }) => draft)).toEqual(["2"]);
});
