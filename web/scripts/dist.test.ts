// @vitest-environment node
import { expect, it } from "vitest";
import { filesOf, foreign, gzipped, type Manifest, tooNew } from "./dist";

const manifest: Manifest = {
  "index.html": {
    file: "index.js",
    isEntry: true,
    imports: ["_vue"],
    dynamicImports: ["home.vue", "hls"],
    css: ["a.css"],
  },
  _vue: { file: "vue.js" },
  "home.vue": { file: "home.js", imports: ["_vue", "_table"], css: ["b.css"] },
  _table: { file: "table.js", imports: ["home.vue"] },
  hls: { file: "hls.js" },
};

it("counts what a page imports, once, and not what it may fetch later", () => {
  const { js, css } = filesOf(manifest, "home.vue");
  expect([...js].sort()).toEqual(["home.js", "index.js", "table.js", "vue.js"]);
  expect([...css].sort()).toEqual(["a.css", "b.css"]);
});

it("does not pass over a page that is missing from the build", () => {
  expect(() => filesOf(manifest, "gone.vue")).toThrow("gone.vue");
});

it("measures compressed bytes", () => {
  expect(gzipped(["a".repeat(10_000)])).toBeLessThan(100);
});

it("finds syntax that Chromium 86 cannot parse", () => {
  expect(tooNew("class A { static { this.x = 1; } }")).toEqual(["static block (94)"]);
  expect(tooNew("const a = await b;")).toEqual(["top-level await (89)"]);
  expect(tooNew("class A { #x; has(o) { return #x in o; } }")).toEqual(["#x in (91)"]);
});

it("finds calls of built-ins that Chromium 86 has not, but not tests for them", () => {
  expect(tooNew("list.at(-1); Object.hasOwn(a, b); structuredClone(c)")).toEqual([
    "at (92)",
    "hasOwn (93)",
    "structuredClone (98)",
  ]);
  expect(tooNew("if (list.at) go(); async () => { await x; a ??= b?.c; }")).toEqual([]);
});

it("finds what a strict policy would block", () => {
  expect(foreign('<script type="module" src="/a.js"></script><link href="/a.css">')).toEqual([]);
  expect(foreign("<script>go()</script>")).toHaveLength(1);
  expect(foreign('<p style="color:red">')).toHaveLength(1);
  expect(foreign('<script src="https://cdn.example/x.js"></script>')).toHaveLength(1);
});
