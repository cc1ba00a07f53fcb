// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Refusal } from "@/net/refusal";
import { words } from "@/words";
import { refusalText } from "./refusal-text";

const text = (code: string, data = {}, status = 409) => refusalText(new Refusal({ code, data }, status));

describe("the words of a refusal", () => {
  it("take the server's data in, times as times of day", () => {
    const until = { until: "2026-09-18T02:00:00Z" };
    expect(text("mute.active", until)).toBe("您的发言已暂停至 9 月 18 日 10:00，学习和学时不受影响。");
  });

  it("have a version with and one without a fact that is not always told", () => {
    expect(text("sign_in.wrong", { left: 4 })).toContain("还可尝试 4 次");
    expect(text("sign_in.wrong")).not.toContain("{left}");
    expect(text("roster.duplicate", { centre: null })).not.toContain("{centre}");
  });

  it("say how long to wait, and what is wrong with a password", () => {
    expect(text("sign_in.later", { retry_after_s: 90 })).toContain("请2 分钟后再试");
    expect(text("speaking.slow", { retry_after_s: 12 })).toContain("12 秒");
    expect(text("password.weak", { why: ["short", "personal"] })).toContain("太短、含有姓名");
  });

  it("say something useful also for a code that they do not know", () => {
    expect(text("new.code", {}, 429)).toContain("过于频繁");
    expect(text("new.code", {}, 503)).toContain("抱歉");
    expect(text("new.code", {}, 413)).toContain("填写的内容有误");
  });
});

/** What only a broken or foreign client can meet; the words of the status are enough. */
const MACHINES =
  /^(body|json|message|path|query|origin|queue|topic|policy|ledger|method|request|grant|encoder|event|key)\./;

it("has words for every refusal that the server can give a person", () => {
  const server = resolve(import.meta.dirname, "../../../server");
  const codes = new Set<string>();
  for (const file of readdirSync(server, { recursive: true }).map(String)) {
    if (!file.endsWith(".py")) continue;
    const source = readFileSync(`${server}/${file}`, "utf8");
    for (const [, code = ""] of source.matchAll(/Refusal\(\s*"([a-z_]+\.[a-z_]+)"/g)) codes.add(code);
  }
  const wordless = [...codes].filter(
    (code) =>
      !MACHINES.test(code) && !code.endsWith(".unknown") && !words.global.te(`refusals.${code}`, "zh-CN"),
  );
  expect(codes.size).toBeGreaterThan(30);
  expect(wordless).toEqual([]);
});
