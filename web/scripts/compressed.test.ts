// @vitest-environment node
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compressible } from "./compressed";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "built-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("takes the texts of every folder, neither small ones nor what is compressed already", () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "x".repeat(2_000));
  writeFileSync(join(folder, "assets", "page.js"), "x".repeat(2_000));
  writeFileSync(join(folder, "assets", "small.css"), "x");
  writeFileSync(join(folder, "assets", "page.js.gz"), "x".repeat(2_000));
  writeFileSync(join(folder, "picture.png"), "x".repeat(2_000));
  expect(compressible(folder).sort()).toEqual([
    join(folder, "assets", "page.js"),
    join(folder, "index.html"),
  ]);
});
