/** Pages for browsers too old for the others: the regulation as plain HTML, made from its text at every build. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("../../server/rules/data/regulation.zh.md", import.meta.url));

/** Headings keep their anchors (`### 第一条 {#art-1}`), every other line is a paragraph. */
export function plainRegulation(markdown: string): string {
  const lines = markdown.split("\n").filter((line) => line.trim());
  const title = lines[0]?.replace(/^# /, "") ?? "";
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><link rel="stylesheet" href="/plain.css"></head>
<body><main class="plain">
${lines.map(element).join("\n")}
</main></body></html>
`;
}

function element(line: string): string {
  const heading = /^(#{1,3}) (.+?)(?: \{#(.+)\})?$/.exec(line);
  if (!heading) return `<p>${escaped(line)}</p>`;
  const [, marks = "#", text = "", id] = heading;
  const tag = `h${marks.length}`;
  return `<${tag}${id ? ` id="${id}"` : ""}>${escaped(text)}</${tag}>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

export function plainPages(): Plugin {
  return {
    name: "plain-pages",
    generateBundle() {
      const source = plainRegulation(readFileSync(SOURCE, "utf8"));
      this.emitFile({ type: "asset", fileName: "plain/regulation.html", source });
    },
  };
}
