import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { copyFrom } from "./copy";

let shown: HTMLElement;

function clipboard(writeText?: (text: string) => Promise<void>): void {
  Object.defineProperty(navigator, "clipboard", {
    value: writeText && { writeText },
    configurable: true,
  });
}

/** What a browser without its clipboard would copy; it may refuse. */
function older(may: boolean): string[] {
  const copied: string[] = [];
  document.execCommand = () => {
    if (may) copied.push(String(getSelection()));
    return may;
  };
  return copied;
}

beforeEach(() => {
  document.body.innerHTML = "<code>https://a.example/x.ics</code>";
  shown = document.body.firstElementChild as HTMLElement;
});
afterEach(() => vi.restoreAllMocks());

it("goes to the clipboard where there is one", async () => {
  const copied: string[] = [];
  clipboard(async (text) => void copied.push(text));
  expect([await copyFrom(shown), copied]).toEqual([true, ["https://a.example/x.ics"]]);
});

it.each([
  ["is none, as on plain http", undefined],
  ["is one that refuses", () => Promise.reject(new Error("denied"))],
])("goes the older way where there %s", async (_, writeText) => {
  clipboard(writeText);
  const copied = older(true);
  expect([await copyFrom(shown), copied]).toEqual([true, ["https://a.example/x.ics"]]);
  expect(String(getSelection())).toBe("");
});

it("says that it could not, and leaves the text chosen", async () => {
  clipboard();
  older(false);
  expect(await copyFrom(shown)).toBe(false);
  expect(String(getSelection())).toBe("https://a.example/x.ics");
});
