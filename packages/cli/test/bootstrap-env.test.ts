import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { crossline } from "../src/crossline.ts";
import { readEnvFile } from "../src/env-file.ts";

const example = resolve(import.meta.dirname, "../../../.env.example");
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-bootstrap-"));
  file = join(folder, ".env");
  copyFileSync(example, join(folder, ".env.example"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs `crossline bootstrap` as a shell would, and returns the output. */
async function run(...args: readonly string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  await crossline().parseAsync(["bootstrap", ...args, "--env-file", file], { from: "user" });
  return printed.join("");
}

const secrets = [...readFileSync(example, "utf8").matchAll(/^(\w+)=$/gm)].map(([, name = ""]) => name);

test("bootstrap without a carrier makes .env with a different value for each key and password, which only its owner reads", async () => {
  const printed = await run();
  const values = readEnvFile(file);
  expect(Object.keys(values).toSorted()).toEqual(secrets.toSorted());
  for (const value of Object.values(values)) expect(value).toMatch(/^[0-9a-f]{48}$/);
  expect(new Set(Object.values(values)).size).toBe(secrets.length);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8").replaceAll(/=[0-9a-f]{48}$/gm, "=")).toBe(readFileSync(example, "utf8"));
  expect(printed).toContain(`Made ${file} with new values for ${secrets.join(", ")}.`);
  expect(printed).not.toMatch(/[0-9a-f]{48}/);
});

test("a second run changes nothing, except the mode of a file that other accounts can read", async () => {
  await run();
  const text = readFileSync(file, "utf8");
  rmSync(file);
  writeFileSync(file, text, { mode: 0o644 });
  expect(await run()).toBe(`${file} had all keys and passwords.\n`);
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).toSorted()).toEqual([".env", ".env.example"]);
});

test("bootstrap keeps every value and every other row, and fills in only the missing values", async () => {
  const own =
    "# my installation\nOPERATOR_KEY=my-own-operator-key\nINTERNAL_KEY=\nINTAKE_PORT=7400\nPOSTGRES_PASSWORD=kept\n";
  writeFileSync(file, own);
  const made = secrets.filter((name) => !["OPERATOR_KEY", "POSTGRES_PASSWORD"].includes(name));
  expect(JSON.parse(await run("--json"))).toEqual({ envFile: file, made });
  const [comment, operatorKey, internalKey, ...rest] = readFileSync(file, "utf8").split("\n");
  expect([comment, operatorKey, ...rest.slice(0, 2)]).toEqual([
    "# my installation",
    "OPERATOR_KEY=my-own-operator-key",
    "INTAKE_PORT=7400",
    "POSTGRES_PASSWORD=kept",
  ]);
  expect(internalKey).toMatch(/^INTERNAL_KEY=[0-9a-f]{48}$/);
  expect(Object.keys(readEnvFile(file)).toSorted()).toEqual([...secrets, "INTAKE_PORT"].toSorted());
});

test("bootstrap names a wrong folder, and refuses options that only a carrier has", async () => {
  await expect(run("--person", "Ada")).rejects.toThrow("--person needs a carrier");
  await expect(run("northtel")).rejects.toThrow("A carrier needs --person");
  rmSync(join(folder, ".env.example"));
  await expect(run()).rejects.toThrow("run this in the folder of docker-compose.yml");
  expect(existsSync(file)).toBe(false);
});
