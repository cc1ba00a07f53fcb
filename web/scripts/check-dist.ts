/** Measures `dist/`: fails when a budget is broken or an old browser could not read it. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { filesOf, foreign, gzipped, type Manifest, tooNew } from "./dist.ts";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const MAX_JS = 200_000;
const MAX_CSS = 50_000;
const LEARNER_PAGES = [
  "src/home/HomePage.vue",
  "src/hours/HoursPage.vue",
  "src/hours/ClassWhyPage.vue",
  "src/live/RoomPage.vue",
  "src/people/SignInPage.vue",
];

/** Vue wraps these for pages that call them, hls.js catches their absence: neither breaks in an older browser. */
const HARMLESS = [/\/vue-.*: to(Reversed|Sorted|Spliced) /, /\/hls-.*: randomUUID /];

const read = (file: string): Buffer => readFileSync(DIST + file);
const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
const problems: string[] = [];

function within(what: string, size: number, max: number): void {
  console.log(`${what}: ${kB(size)} of ${kB(max)}`);
  if (size > max) problems.push(`${what} is over its budget`);
}

const manifest = JSON.parse(read("manifest.json").toString()) as Manifest;
for (const page of LEARNER_PAGES) {
  const { js, css } = filesOf(manifest, page);
  within(`${page} scripts`, gzipped([...js].map(read)), MAX_JS);
  within(`${page} styles`, gzipped([...css].map(read)), MAX_CSS);
}

const files = readdirSync(DIST, { recursive: true }).map(String);
const styles = files.filter((file) => file.endsWith(".css"));
within("all styles", gzipped(styles.map(read)), MAX_CSS);
for (const file of files.filter((each) => each.endsWith(".js"))) {
  const found = tooNew(read(file).toString()).map((word) => `${file}: ${word} is newer than Chromium 86`);
  problems.push(...found.filter((problem) => !HARMLESS.some((known) => known.test(problem))));
}
for (const file of files.filter((each) => each.endsWith(".html"))) {
  for (const what of foreign(read(file).toString())) problems.push(`${file}: ${what}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
