import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { runKafkaTool } from "../src/kafka-tool.ts";
import { makeFolder } from "./place.ts";

/** Makes a Java that prints the arguments of its program as Kafka's ConfigCommand does on a fault, and fails. */
function plantJava(lastLine: string): void {
  const home = makeFolder();
  mkdirSync(join(home, "bin"));
  const unquoted = `sed -e 's/^"//' -e 's/"$//' "\${1#@}" | tr '\\n' ' ' >&2`;
  writeFileSync(join(home, "bin/java"), `#!/bin/sh\n${unquoted}\necho >&2\necho '${lastLine}' >&2\nexit 1\n`);
  chmodSync(join(home, "bin/java"), 0o755);
  vi.stubEnv("JAVA_HOME", home);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test.each([
  ["Caused by: kafka.NotFound: no such user", "kafka.admin.ConfigCommand failed: kafka.NotFound: no such user"],
  ["without a cause", /^kafka\.admin\.ConfigCommand failed: .*…/],
])("a fault of a command of Kafka never has the password (%s)", async (lastLine, message) => {
  plantJava(lastLine);
  const args = ["--alter", "--add-config", "SCRAM-SHA-512=[password=hunter2]"];
  const installation = { libraries: "/libraries", classes: "/classes" };
  const error = await runKafkaTool(installation, "kafka.admin.ConfigCommand", args).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
  const seen = [error, (error as Error).cause].flatMap((one) => [
    String(one),
    JSON.stringify(one),
    (one as Error)?.stack,
  ]);
  expect(seen.join()).not.toContain("hunter2");
});
