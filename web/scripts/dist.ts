/** What the built pages promise: sizes within their budgets, syntax of Chromium 86, nothing inline, nothing from elsewhere. */
import { gzipSync } from "node:zlib";
import { type Node, parse } from "acorn";

export interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
  isEntry?: boolean;
}

export type Manifest = Record<string, Chunk>;

/** The files that a page needs before it shows: the entry, the page, and all that both import statically. */
export function filesOf(manifest: Manifest, page: string): { js: Set<string>; css: Set<string> } {
  const js = new Set<string>();
  const css = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk || js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const each of chunk.imports ?? []) visit(each);
  };
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  if (!entry || !manifest[page]) throw new Error(`not in the build: ${page}`);
  visit(entry);
  visit(page);
  return { js, css };
}

export function gzipped(texts: Iterable<Buffer | string>): number {
  let sum = 0;
  for (const text of texts) sum += gzipSync(text, { level: 9 }).length;
  return sum;
}

/** Syntax and built-ins that came after Chromium 86; empty when there are none. */
export function tooNew(code: string): string[] {
  const found = new Set<string>();
  const tree = parse(code, { ecmaVersion: 2022, sourceType: "module" });
  walk(tree, (node, within) => {
    const word = newSyntax(node, within) ?? newBuiltIn(node);
    if (word) found.add(word);
  });
  return [...found];
}

type AnyNode = Node & Record<string, unknown>;

function newSyntax(node: AnyNode, within: boolean): string | null {
  if (node.type === "StaticBlock") return "static block (94)";
  if (node.type === "AwaitExpression" && !within) return "top-level await (89)";
  if (node.type === "BinaryExpression" && (node.left as AnyNode)?.type === "PrivateIdentifier")
    return "#x in (91)";
  return null;
}

const NEW_METHODS = new Map(
  Object.entries({
    at: 92,
    findLast: 97,
    findLastIndex: 97,
    hasOwn: 93,
    toReversed: 110,
    toSorted: 110,
    toSpliced: 110,
    withResolvers: 119,
    groupBy: 117,
    randomUUID: 92,
  }),
);
const NEW_GLOBALS = new Map([["structuredClone", 98]]);

/** A call of a method that Chromium 86 has not; a mere mention (`if (list.at)`) is a test for it and is fine. */
function newBuiltIn(node: AnyNode): string | null {
  if (node.type !== "CallExpression") return null;
  const callee = node.callee as AnyNode;
  if (callee.type === "Identifier") return since(NEW_GLOBALS, String(callee.name));
  if (callee.type !== "MemberExpression" || callee.computed) return null;
  return since(NEW_METHODS, String((callee.property as AnyNode).name));
}

function since(table: Map<string, number>, name: string): string | null {
  const version = table.get(name);
  return version === undefined ? null : `${name} (${version})`;
}

function walk(node: Node, visit: (node: AnyNode, within: boolean) => void, within = false): void {
  visit(node as AnyNode, within);
  const inside = within || /Function/.test(node.type);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof (child as Node).type === "string") walk(child as Node, visit, inside);
    }
  }
}

/** Scripts and styles inside a page, and addresses of other sites: a strict CSP lets none of them through. */
export function foreign(html: string): string[] {
  const found: string[] = [];
  for (const [tag, inner] of html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)) {
    if (inner?.trim()) found.push(`inline script: ${tag.slice(0, 60)}`);
  }
  if (/<style\b|\sstyle=|\son[a-z]+=/.test(html)) found.push("inline style or handler");
  for (const [address] of html.matchAll(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g)) found.push(address);
  return found;
}
