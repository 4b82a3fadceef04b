import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type SetAsideOptions,
  composeSteps,
  externalStatements,
  localSteps,
  setAside,
} from "../src/verbs/set-aside.ts";
import { checkoutName } from "../src/keys.ts";

const name = checkoutName("crossline");
let folder: string;
let server: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-aside-"));
  vi.stubEnv("CROSSLINE_STATE_DIR", folder);
  vi.stubEnv("DATABASE_URL", undefined);
  vi.stubEnv("KAFKA_BROKERS", undefined);
  for (const part of ["postgres", "kafka"]) mkdirSync(join(folder, name, part), { recursive: true });
  writeFileSync(join(folder, name, "postgres/pid"), "4194304\n"); // This pid belongs to a server that has ended.
});
afterEach(() => {
  server?.kill();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(options: SetAsideOptions): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => printed.push(String(line)) > 0);
  expect(await setAside(options)).toBe(0);
  return printed.join("");
}

test("set-aside renames the data of both servers together, and only with --yes", async () => {
  writeFileSync(join(folder, name, "kafka/data"), "records");
  expect(await run({})).toContain("No step was performed. Add --yes to perform the steps.");
  expect(readdirSync(folder)).toEqual([name]);
  expect(await run({ yes: true })).toMatch(/» rename .* to .*\.aside-\d{14}\nPostgreSQL and Kafka are set aside/);
  const [aside = "", ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(readFileSync(join(folder, aside, "kafka/data"), "utf8")).toBe("records");
  await expect(setAside({ yes: true })).rejects.toThrow("There is no data of this checkout");
});

test("set-aside does not move the data of a running server", () => {
  const home = join(folder, name, "kafka");
  server = spawn("tail", ["-f", "/dev/null", join(home, "server.properties")], { stdio: "ignore" });
  writeFileSync(join(home, "pid"), `${server.pid}\n`);
  expect(() => localSteps(folder, name, "1")).toThrow("stop `npx -y pnpm start` first");
  expect(existsSync(home)).toBe(true);
});

test("set-aside does not move the local folder if the environment names another server", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://elsewhere/crossline");
  await expect(setAside({})).rejects.toThrow("use --external");
});

test("set-aside removes the volumes of compose only after it has copied all of them", () => {
  const commands = composeSteps(["crossline_postgres", "crossline_kafka"], "9").map((step) =>
    step.does === "run" ? step.command.join(" ") : "",
  );
  expect(commands).toEqual([
    "docker compose down",
    "docker volume create crossline_postgres-aside-9",
    "docker run --rm --volume crossline_postgres:/from:ro --volume crossline_postgres-aside-9:/to --entrypoint cp postgres:18 -a /from/. /to/",
    "docker volume create crossline_kafka-aside-9",
    "docker run --rm --volume crossline_kafka:/from:ro --volume crossline_kafka-aside-9:/to --entrypoint cp postgres:18 -a /from/. /to/",
    "docker volume rm crossline_postgres",
    "docker volume rm crossline_kafka",
  ]);
});

test("for external servers set-aside only prints the statements", async () => {
  const printed = await run({ external: true, yes: true });
  expect(printed).toContain("alter schema auditor rename to auditor_aside_");
  expect(printed).toContain(`--delete --topic 'crossline\\..*'`);
  expect(externalStatements("7")).toContain(
    "alter schema intake rename to intake_aside_7;\ncreate schema intake authorization crossline_intake;\nrevoke all on schema intake from public;",
  );
  expect(readdirSync(folder)).toEqual([name]);
});
