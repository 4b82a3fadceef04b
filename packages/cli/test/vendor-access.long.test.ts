import { execFile as execFileWithCallback } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type KafkaUserOwner, kafkaUsersOf, queueTopic, topics, vendorGroupPrefix } from "@crossline/contracts";
import type { KafkaConnection } from "@crossline/messaging";
import { type LockedKafka, checkKafkaAvailability, localKafkaUsers, startKafka } from "@crossline/servers";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { applyServiceRights, loginOf, serviceUsersFor } from "../src/own-kafka.ts";
import { environmentOf, portsFrom } from "../src/services.ts";
import { type AccessOptions, changeUsers, giveAccess } from "../src/verbs/kafka-access.ts";
import { follow, outsider, readAs, writeAs } from "./kafka-outsider.ts";
import { writeTools } from "./kafka-tools/on-path.ts";

const execFile = promisify(execFileWithCallback);
const name = "test";
const availability = checkKafkaAvailability();
const commandConfig = "operator.properties";

describe.skipIf(!availability.ok)("access to a locked Kafka", () => {
  const folder = mkdtempSync(join(tmpdir(), "crossline-access-"));
  const tools = join(folder, "tools");
  let kafka: LockedKafka;
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(tools);
    kafka = await startKafka({ name, users: serviceUsersFor(undefined), folder });
    await applyServiceRights(kafka);
    await writeTools(tools, kafka.brokers.join(","));
    const admin = outsider(login("operator")).admin();
    await admin.connect();
    const names = [topics.clock, ...["orchard", "basalt", "quill"].map((vendor) => queueTopic(vendor, "wall"))];
    await admin.createTopics({ topics: names.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
    await admin.disconnect();
    for (const topic of names.slice(1)) {
      const outcome = await writeAs(login("service.routing.1"), topic);
      if (outcome !== "ok") throw new Error(`routing cannot write ${topic}: ${outcome}`);
    }
  }, 120_000);
  afterAll(async () => {
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const login = (user: string): KafkaConnection => ({ brokers: kafka.brokers, sasl: loginOf(kafka.users, user) });
  const read = (vendor: string, connection: KafkaConnection) =>
    readAs(connection, queueTopic(vendor, "wall"), `${vendorGroupPrefix(vendor)}${crypto.randomUUID()}`);

  /** Runs a verb with `--json`, and returns its document. */
  async function documentOf(run: () => Promise<unknown>): Promise<Record<string, string>> {
    const printed = await outputOf(run);
    return JSON.parse(printed) as Record<string, string>;
  }

  const change = (owner: KafkaUserOwner, options: Partial<AccessOptions> = {}) =>
    documentOf(() => changeUsers(owner, kafka, { commandConfig, ...options, json: true }));

  test("vendor-access prints the settings of a user that reads the queue; a second run changes nothing", async () => {
    const orchard = { kind: "vendor", name: "orchard" } as const;
    const access = await change(orchard);
    expect(access).toEqual({
      brokers: kafka.brokers.join(","),
      mechanism: "SCRAM-SHA-512",
      user: "vendor.orchard.1",
      passwordFile: kafka.users.passwordFile("vendor.orchard.1"),
      topics: ["crossline.queue.orchard.v1", "crossline.queue.orchard.stepped.v1"],
      groupPrefix: "orchard.",
    });
    const password = readFileSync(access["passwordFile"] ?? "", "utf8");
    expect(await change(orchard)).toEqual(access);
    expect(readFileSync(access["passwordFile"] ?? "", "utf8")).toBe(password);
    const text = await outputOf(() => changeUsers(orchard, kafka, { commandConfig }));
    expect(text).not.toContain(password);
    await expect.poll(() => read("orchard", login("vendor.orchard.1")), { timeout: 30_000 }).toBe("ok");
  });

  test("a rotation overlaps: both users read, until --end-old ends the older one and its open connections", async () => {
    const basalt = { kind: "vendor", name: "basalt" } as const;
    await expect(change(basalt, { endOld: true })).rejects.toThrow("basalt has no older user");
    await change(basalt);
    const [first, second] = kafkaUsersOf(basalt);
    const old = login(first);
    const reading = await follow(old, queueTopic("basalt", "wall"), "basalt.open");
    await reading.first;
    expect(await change(basalt, { rotate: true })).toMatchObject({ user: second });
    await expect(change(basalt, { rotate: true })).rejects.toThrow("end the older one with --end-old");
    expect(await read("basalt", old)).toBe("ok");
    expect(await read("basalt", login(second))).toBe("ok");
    expect(await change(basalt, { endOld: true })).toMatchObject({ user: second, ended: first });
    expect(await reading.refusal).toMatch(/^no right to the (?:topic|group)$/);
    await reading.close();
    expect(await read("basalt", old)).toBe("no password");
    expect(await read("basalt", login(second))).toBe("ok");
    expect(await change(basalt, { rotate: true })).toMatchObject({ user: first });
    expect(await read("basalt", login(first))).toBe("ok");
  });

  test("the next start uses the newest user of a service, and does not create the ended one again", async () => {
    const timer = { kind: "service", name: "timer" } as const;
    const userOfNextStart = (): string | undefined =>
      environmentOf("timer", {
        databaseUrls: {} as never,
        broker: "kafka",
        brokers: kafka.brokers,
        ownKafka: kafka,
        ports: portsFrom(7300),
        internalKey: "",
        operatorKey: "",
        partitions: 12,
      })["KAFKA_USER"];
    const old = login("service.timer.1");
    expect(userOfNextStart()).toBe("service.timer.1");
    await change(timer, { rotate: true });
    expect(userOfNextStart()).toBe("service.timer.2");
    for (const user of [old, login("service.timer.2")]) expect(await writeAs(user, topics.clock)).toBe("ok");
    await change(timer, { endOld: true });
    expect(await writeAs(old, topics.clock)).toBe("no password");
    const again = await startKafka({ name, users: serviceUsersFor(localKafkaUsers(name, folder)), folder });
    await applyServiceRights(again);
    expect(again.users.names()).not.toContain("service.timer.1");
    expect(await writeAs(login("service.timer.2"), topics.clock)).toBe("ok");
    await again.stop();
  });

  /** Runs the printed commands of a verb in `sh`, with Kafka's own tools, and returns the printed password. */
  async function runPrinted(options: Partial<AccessOptions>): Promise<string | undefined> {
    const { password } = loginOf(kafka.users, "operator");
    writeFileSync(join(folder, commandConfig), operatorProperties(password));
    vi.stubEnv("KAFKA_BROKERS", kafka.brokers.join(","));
    onTestFinished(() => void vi.unstubAllEnvs());
    const script = await outputOf(() => giveAccess({ kind: "vendor", name: "quill" }, { commandConfig, ...options }));
    const env = { ...process.env, PATH: `${tools}:${process.env["PATH"]}`, KAFKA_PASSWORD_OPERATOR: password };
    const shell = execFile("sh", { cwd: folder, env });
    shell.child.stdin?.end(script);
    await shell;
    return /^# password +(\S+)$/m.exec(script)?.[1];
  }

  const quillWith = (user: string, password: string | undefined): KafkaConnection => ({
    brokers: kafka.brokers,
    sasl: { mechanism: "scram-sha-512", username: user, password: password ?? "" },
  });

  test(
    "sh runs the printed commands with Kafka's own tools: they give a vendor access, rotate it and end the older user",
    { timeout: 300_000 },
    async () => {
      const first = quillWith("vendor.quill.1", await runPrinted({ print: true }));
      await expect.poll(() => read("quill", first), { timeout: 30_000 }).toBe("ok");
      expect(await readAs(first, queueTopic("orchard", "wall"), "quill.desk")).toBe("no right to the topic");
      await expect(runPrinted({ rotate: true })).rejects.toThrow("Add --current 1 or --current 2");
      const second = quillWith("vendor.quill.2", await runPrinted({ rotate: true, current: "1" }));
      const reading = await follow(first, queueTopic("quill", "wall"), "quill.open");
      await reading.first;
      expect(await read("quill", second)).toBe("ok");
      await runPrinted({ endOld: true, current: "2" });
      expect(await reading.refusal).toMatch(/^no right to the (?:topic|group)$/);
      await reading.close();
      expect(await read("quill", first)).toBe("no password");
      expect(await read("quill", second)).toBe("ok");
    },
  );

  test("sh runs the printed commands for compose from a pipe", { timeout: 300_000 }, async () => {
    const given = quillWith("vendor.quill.1", await runPrinted({ compose: true }));
    await expect.poll(() => read("quill", given), { timeout: 30_000 }).toBe("ok");
  });
});

/** Runs a verb, and returns its standard output. */
async function outputOf(run: () => Promise<unknown>): Promise<string> {
  const printed: string[] = [];
  const output = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  const errors = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    await run();
  } finally {
    output.mockRestore();
    errors.mockRestore();
  }
  return printed.join("");
}

function operatorProperties(password: string): string {
  const user = `username="operator" password="${password}"`;
  return [
    "security.protocol=SASL_PLAINTEXT",
    "sasl.mechanism=SCRAM-SHA-512",
    `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required ${user};`,
  ].join("\n");
}
