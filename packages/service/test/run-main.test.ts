import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test, vi } from "vitest";

const script = new URL("fixtures/process.ts", import.meta.url);
vi.setConfig({ testTimeout: 20_000 }); // The limit is long, because the tests start real processes on a machine that may be busy.
let child: ChildProcess;
afterEach(() => child.kill("SIGKILL"));

/** Starts the fixture and collects its log messages. `logged` waits for a given message. */
function run(mode: string) {
  const messages: string[] = [];
  const waiting = new Map<string, () => void>();
  child = fork(script, [mode], { silent: true, execArgv: [] });
  const output = child.stdout;
  if (output === null) throw new Error("the fixture has no output");
  const reader = createInterface({ input: output }).on("line", (line) => {
    const { msg } = JSON.parse(line) as { msg: string };
    messages.push(msg);
    waiting.get(msg)?.();
  });
  // The test waits for "exit", because Node emits no "close" after a disconnect.
  const read = once(reader, "close");
  const ended = once(child, "exit").then(async ([code]) => {
    await read;
    return code as number | null;
  });
  const logged = (message: string) => new Promise<void>((resolve) => waiting.set(message, resolve));
  return { messages, ended, logged };
}

test.each(["SIGTERM", "SIGINT"] as const)("%s stops the components in order, exit 0", async (signal) => {
  const { messages, ended, logged } = run("plain");
  await logged("started");
  child.kill(signal);
  expect(await ended).toBe(0);
  expect(messages).toEqual(["started", "stopping", "http stopped", "database stopped", "stopped"]);
});

test("the same signal twice within a second counts once, exit 0", async () => {
  const { ended, logged, messages } = run("slow");
  await logged("started");
  child.kill("SIGINT");
  await logged("stopping");
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(messages).toContain("http stopped");
});

test("the process stops when its parent has ended, exit 0", async () => {
  const { ended, logged, messages } = run("plain");
  await logged("started");
  child.disconnect();
  expect(await ended).toBe(0);
  expect(messages).toContain("database stopped");
});

test("the process does not wait longer than the limit for a component, exit 1", async () => {
  const { ended, logged, messages } = run("hang");
  await logged("started");
  child.kill("SIGTERM");
  expect(await ended).toBe(1);
  expect(messages).toContain("a component did not stop in time");
  expect(messages).toContain("database stopped");
});

test("a start that fails stops the started components, exit 1", async () => {
  const { ended, messages } = run("fail");
  expect(await ended).toBe(1);
  expect(messages).toEqual(["could not start", "stopping", "http stopped", "database stopped", "stopped"]);
});

test("a signal during the start makes the start give up, exit 0", async () => {
  const { ended, logged, messages } = run("waiting");
  await logged("started");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(messages).toEqual(["started", "stopping", "http stopped", "database stopped", "stopped"]);
});

test.each(["throw", "reject"])("an uncaught error (%s) ends the process, exit 1", async (mode) => {
  const { ended, messages } = run(mode);
  expect(await ended).toBe(1);
  expect(messages).toEqual(["started", "an uncaught error ends the process"]);
});
