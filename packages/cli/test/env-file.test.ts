import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkEnvFile } from "../src/doctor/machine.ts";
import { readEnvFile, setting, writeEnvFile } from "../src/env-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-env-"));
  file = join(folder, ".env");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a value replaces each earlier row of its name, and all other rows stay", () => {
  writeFileSync(file, "# own settings\nPARTITIONS=12\nexport CROSSLINE_KEY=old\nCROSSLINE_KEY=\n", { mode: 0o644 });
  writeEnvFile(file, { CROSSLINE_KEY: "new", CROSSLINE_URL: "http://127.0.0.1:7300" });
  expect(readFileSync(file, "utf8")).toBe(
    "# own settings\nPARTITIONS=12\nCROSSLINE_KEY=new\nCROSSLINE_URL=http://127.0.0.1:7300\n",
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("the environment takes precedence over the file, and an empty value counts as absent", () => {
  writeFileSync(file, "CROSSLINE_KEY=of-the-file\nCROSSLINE_URL=\n");
  expect(setting("CROSSLINE_KEY", file)).toBe("of-the-file");
  vi.stubEnv("CROSSLINE_KEY", "of-the-environment");
  expect(setting("CROSSLINE_KEY", file)).toBe("of-the-environment");
  vi.stubEnv("CROSSLINE_KEY", "");
  expect(setting("CROSSLINE_KEY", file)).toBe("of-the-file");
  expect(readEnvFile(file)).toEqual({ CROSSLINE_KEY: "of-the-file" });
  expect(readEnvFile(join(folder, "absent"))).toEqual({});
});

test("doctor warns about a file that other accounts can read", () => {
  expect(checkEnvFile(file)).toMatchObject({ state: "ok" });
  writeFileSync(file, "CROSSLINE_KEY=secret\n", { mode: 0o644 });
  expect(checkEnvFile(file)).toMatchObject({ state: "warning", remedy: `chmod 600 ${file}` });
  writeEnvFile(file, { CROSSLINE_KEY: "secret" });
  expect(checkEnvFile(file)).toMatchObject({ state: "ok", found: "1 settings, readable by its owner only" });
});
