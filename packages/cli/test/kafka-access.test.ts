import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { crossline } from "../src/crossline.ts";
import { exitCodeOf } from "../src/fault.ts";

/** Starts an intake that knows these parties, and accepts one key of the operator. Returns its address. */
async function startIntake(): Promise<string> {
  vi.stubEnv("OPERATOR_KEY", "operator-key-of-this-test");
  const parties = [
    { party: "northtel", kind: "carrier" },
    { party: "orchard", kind: "vendor" },
  ];
  const server = createServer(({ url = "", headers }, response) => {
    const isOperator = headers.authorization === "Bearer operator-key-of-this-test";
    // A page has one company, so that the verb must read all pages.
    const after = new URL(url, "http://intake").searchParams.get("cursor") ?? "";
    const rest = parties.filter(({ party }) => party > after);
    const page = { items: rest.slice(0, 1), ...(rest.length > 1 && { next: rest[0]?.party }) };
    response.writeHead(isOperator ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify(page));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs the command, and returns its standard output and its standard error. */
async function run(...args: readonly string[]): Promise<{ readonly printed: string; readonly errors: string }> {
  const printed: string[] = [];
  const errors: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => errors.push(String(text)) > 0);
  const before = process.exitCode;
  try {
    await crossline().parseAsync(args, { from: "user" });
    return { printed: printed.join(""), errors: errors.join("") };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = before;
  }
}

test.each([
  [["vendor-access", "Orchard!", "--print"], 2, "lower-case letters, digits and hyphens"],
  [["vendor-access", "orchad", "--print"], 4, "knows no company orchad"],
  [["vendor-access", "northtel", "--print"], 1, "northtel is a carrier, and only a vendor has a queue on Kafka."],
  [["service-access", "billing", "--print"], 2, "Allowed choices are"],
  [["vendor-access", "orchard", "--print", "--rotate"], 2, "Add --current 1 or --current 2"],
  [["vendor-access", "orchard", "--rotate", "--end-old"], 2, "cannot be used with option"],
  [["vendor-access", "orchard", "--print", "--compose"], 2, "cannot be used with option"],
])("crossline %j exits with %i", async (args, code, message) => {
  const url = await startIntake();
  const error: unknown = await run(...args, "--url", url).catch((cause: unknown) => cause);
  expect(String(error)).toContain(message);
  expect(exitCodeOf(error)).toBe(code);
});

test("the printed commands of a vendor read its queue topics in its groups, and each run makes another password", async () => {
  const url = await startIntake();
  vi.stubEnv("KAFKA_BROKERS", "kafka.example:9093");
  const { printed, errors } = await run("vendor-access", "orchard", "--url", url);
  expect(errors).toBe("");
  const [password = ""] = /(?<=\[password=)[\w-]{32}(?=\])/.exec(printed) ?? [];
  const tool = (name: string) => `${name} --bootstrap-server kafka.example:9093 --command-config operator.properties`;
  expect(printed.split("\n").filter((row) => !row.startsWith("#"))).toEqual([
    `${tool("kafka-configs.sh")} --alter --entity-type users --entity-name vendor.orchard.1 --add-config 'SCRAM-SHA-512=[password=${password}]'`,
    `${tool("kafka-acls.sh")} --add --allow-principal User:vendor.orchard.1 --operation Read --topic crossline.queue.orchard.v1 --topic crossline.queue.orchard.stepped.v1`,
    `${tool("kafka-acls.sh")} --add --allow-principal User:vendor.orchard.1 --resource-pattern-type prefixed --operation Read --group orchard.`,
    "",
  ]);
  expect((await run("vendor-access", "orchard", "--url", url)).printed).not.toContain(password);
  const document = (await run("vendor-access", "orchard", "--json", "--url", url)).printed;
  expect(JSON.parse(document)).toMatchObject({ user: "vendor.orchard.1", groupPrefix: "orchard." });
});

test("the commands of the printed end remove every right that the commands of the printed start give", async () => {
  const args = ["service-access", "routing", "--print", "--current", "2"];
  const rules = async (...more: string[]) =>
    (await run(...args, ...more)).printed.split("\n").flatMap((row) => /--allow-principal .*/.exec(row)?.[0] ?? []);
  const given = await rules();
  expect(given.length).toBeGreaterThan(5);
  expect((await rules("--end-old")).map((rule) => rule.replace("routing.1", "routing.2"))).toEqual(given);
});

test("the printed commands for compose contain no password of the operator", async () => {
  vi.stubEnv("KAFKA_PASSWORD_OPERATOR", "password-of-the-operator");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { printed, errors } = await run("vendor-access", "orchard", "--compose", "--url", "http://127.0.0.1:9");
  expect(errors).toContain("did not check that orchard is a vendor");
  expect(printed).not.toContain("password-of-the-operator");
  const commands = printed.split("\n").filter((row) => row.startsWith("docker"));
  expect(commands.length).toBe(5);
  for (const row of commands) expect(row).toMatch(/^docker compose exec -T -w \/tmp kafka .*(?:<\/dev\/null|<<END)$/);
});

test("the rotation of a service for compose says which variables of .env the containers need", async () => {
  const { printed } = await run("service-access", "timer", "--rotate", "--compose", "--current", "1");
  const [password = ""] = /(?<=\[password=)[\w-]{32}(?=\])/.exec(printed) ?? [];
  const settings = `KAFKA_USER_TIMER=service.timer.2 and KAFKA_PASSWORD_TIMER=${password}`;
  expect(printed).toContain(`# Write ${settings} into \`.env\`, and run \`docker compose up --detach timer\`.`);
  expect(printed).toContain("--end-old --compose --current 2");
});
