import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isKafkaResponding, checkKafkaAvailability, startOpenKafka } from "@crossline/servers";
import { describe, expect, onTestFinished, test } from "vitest";
import { waitForEnd, hold, makeFolder, parentOf } from "./place.ts";

const name = "test";
const availability = checkKafkaAvailability();

describe.skipIf(!availability.ok)("the local Kafka", () => {
  test("the local Kafka survives a kill of its starter only if another process has joined; the next start uses the same port", async () => {
    const folder = makeFolder();
    const starter = await hold(["kafka", name, folder]);
    const joined = await startOpenKafka({ name, folder });
    expect(joined).toMatchObject({ pid: starter.pid, adopted: true });
    await starter.kill();
    expect(await isKafkaResponding(joined.port)).toBe(true);
    await joined.stop();
    await waitForEnd(starter.pid);
    const again = await startOpenKafka({ name, folder });
    expect(again).toMatchObject({ adopted: false, brokers: joined.brokers });
    await Promise.all([again.stop(), again.stop()]);
    expect(await isKafkaResponding(again.port)).toBe(false);
  });

  test("the local Kafka starts again after a kill of its supervisor or of the broker", async () => {
    const folder = makeFolder();
    const starter = await hold(["kafka", name, folder]);
    process.kill(parentOf(starter.pid ?? 0), "SIGKILL");
    await starter.kill();
    const second = await startOpenKafka({ name, folder });
    expect(second.pid).not.toBe(starter.pid);
    process.kill(second.pid, "SIGKILL");
    await waitForEnd(second.pid);
    const third = await startOpenKafka({ name, folder });
    onTestFinished(() => third.stop());
    expect(await isKafkaResponding(third.port)).toBe(true);
    await expect(startOpenKafka({ name: "other", folder, port: third.port })).rejects.toThrow(
      `Port ${third.port}, wanted for Kafka, is in use by another program: stop that program or name another port.`,
    );
  });
});

describe("a start of Kafka that fails", () => {
  const start = async (environment: Record<string, string>) => {
    const folder = makeFolder();
    return hold(["kafka", name, folder], { CROSSLINE_CACHE_DIR: join(folder, "cache"), ...environment });
  };

  test("a start with an old Java fails with one sentence that names the version", async () => {
    const home = makeFolder();
    command(join(home, "bin/java"), `echo 'java version "1.8.0_412"' >&2`);
    expect(await start({ JAVA_HOME: home })).toMatchObject({
      sentence: true,
      message: expect.stringMatching(/needs Java 17 or newer, and this is Java 8: install/),
    });
  });

  test("a failed start names a missing Java, a missing Maven, or a Maven that fails", async () => {
    const home = makeFolder();
    expect(await start({ JAVA_HOME: home })).toMatchObject({
      sentence: true,
      message: expect.stringMatching(/this machine has no Java: install/),
    });
    command(join(home, "bin/java"), `echo 'openjdk version "17.0.15"' >&2`);
    const path = join(home, "path");
    expect(await start({ JAVA_HOME: home, PATH: path })).toMatchObject({
      sentence: true,
      message: expect.stringMatching(/this machine has no mvn: install/),
    });
    command(join(path, "mvn"), "echo '[ERROR] Could not resolve dependencies: no route to host'; exit 1");
    symlinkSync("/bin/sh", join(path, "sh"));
    expect(await start({ JAVA_HOME: home, PATH: path })).toMatchObject({
      sentence: true,
      message: expect.stringMatching(
        /Maven could not fetch Kafka \(Could not resolve dependencies: no route to host\): fix that/,
      ),
    });
  });
});

function command(file: string, script: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
