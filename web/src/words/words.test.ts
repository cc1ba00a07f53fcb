import { describe, expect, it } from "vitest";
import en from "./en";
import zh from "./zh-CN";

type Tree = { [key: string]: string | Tree };

function keys(tree: Tree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keys(value, `${prefix}${key}.`),
  );
}

function placeholders(tree: Tree): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    if (typeof value !== "string") return placeholders(value).map((each) => `${key}.${each}`);
    const names = value.match(/\{[^}]+\}/g) ?? [];
    return [...new Set(names)].sort().map((name) => `${key} ${name}`);
  });
}

const sources = import.meta.glob<string>(["/src/**/*.ts", "/src/**/*.vue", "!/src/**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("the words", () => {
  it("have the same keys in both languages", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
  });

  it("name the same figures in both languages", () => {
    expect(placeholders(en).sort()).toEqual(placeholders(zh).sort());
  });

  it("exist for every key that a page asks for", () => {
    const known = new Set(keys(zh));
    const missing = Object.entries(sources).flatMap(([file, text]) =>
      [...text.matchAll(/\bt\(\s*"([a-z_0-9.]+)"/g)]
        .map((match) => match[1] as string)
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it("are never asked for without the figures that stand in them", () => {
    const figured = new Set(placeholders(zh).map((each) => each.split(" ")[0]));
    const bare = Object.entries(sources).flatMap(([file, text]) =>
      [...text.matchAll(/\bt\(\s*["']([a-z_0-9.]+)["'],?\s*\)/g)]
        .map((match) => match[1] as string)
        .filter((key) => figured.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(bare).toEqual([]);
  });

  it("are all said somewhere", () => {
    const texts = Object.values(sources).join("\n");
    const literal = new Set(
      [...texts.matchAll(/["'`]([a-z_0-9]+(?:\.[a-z_0-9]+)+)["'`]/g)].map((match) => match[1]),
    );
    const begun = [...texts.matchAll(/`([a-z_0-9.]+[._])\$\{/g)].map((match) => match[1] as string);
    const unsaid = keys(zh).filter(
      (key) => !literal.has(key) && !begun.some((start) => key.startsWith(start)),
    );
    expect(unsaid).toEqual([]);
  });
});
