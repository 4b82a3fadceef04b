import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test, vi } from "vitest";

const script = new URL("fixtures/process.ts", import.meta.url);
vi.setConfig({ testTimeout: 20_000 }); // Real processes, on a machine that may be busy.
let child: ChildProcess;
afterEach(() => child.kill("SIGKILL"));

/** Starts the fixture; what it logs is collected, and can be waited for. */
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
  // Not "close": that does not come after a disconnect.
  const read = once(reader, "close");
  const ended = once(child, "exit").then(async ([code]) => {
    await read;
    return code as number | null;
  });
  const logged = (message: string) => new Promise<void>((resolve) => waiting.set(message, resolve));
  return { messages, ended, logged };
}

test.each(["SIGTERM", "SIGINT"] as const)("%s stops the parts in order, exit 0", async (signal) => {
  const { messages, ended, logged } = run("plain");
  await logged("started");
  child.kill(signal);
  expect(await ended).toBe(0);
  expect(messages).toEqual(["started", "stopping", "http stopped", "database stopped", "stopped"]);
});

test("the same signal again at once is taken for one, exit 0", async () => {
  const { ended, logged, messages } = run("slow");
  await logged("started");
  child.kill("SIGINT");
  await logged("stopping");
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(messages).toContain("http stopped");
});

test("when the parent is gone it stops, exit 0", async () => {
  const { ended, logged, messages } = run("plain");
  await logged("started");
  child.disconnect();
  expect(await ended).toBe(0);
  expect(messages).toContain("database stopped");
});

test("a part that does not stop is left behind after its limit, exit 1", async () => {
  const { ended, logged, messages } = run("hang");
  await logged("started");
  child.kill("SIGTERM");
  expect(await ended).toBe(1);
  expect(messages).toContain("a part did not stop in time");
  expect(messages).toContain("database stopped");
});

test("a start that fails stops what had started, exit 1", async () => {
  const { ended, messages } = run("fail");
  expect(await ended).toBe(1);
  expect(messages).toEqual(["could not start", "stopping", "http stopped", "database stopped", "stopped"]);
});

test("a signal while it is starting makes the start give up, exit 0", async () => {
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
