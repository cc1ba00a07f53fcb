/** Makes `src/net/schema.ts` from the server's own description of its API, so that a type check sees where the two part. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const ROOT = resolve(import.meta.dirname, "../..");
const OWN_PYTHON = resolve(ROOT, ".venv/bin/python");
const DESCRIBE = `
import json
from server import app
from server.base.openapi import document
print(json.dumps(document([route for noun in app.NOUNS for route in noun.routes], "")))
`;

const python = existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3";
const described = spawnSync(python, ["-c", DESCRIBE], {
  cwd: ROOT,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
if (described.status !== 0) throw new Error(described.stderr);
const schema = astToString(await openapiTS(JSON.parse(described.stdout)));
writeFileSync(resolve(import.meta.dirname, "../src/net/schema.ts"), schema);
