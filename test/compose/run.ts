import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, openDesk } from "@crossline/cli";
import { publicDefault } from "@crossline/service";
import { checkEnded, checkRefusals, checkServiceRights, connectionOf } from "./kafka-access.ts";

/**
 * Starts docker-compose.yml, lets a case stall and cross, freezes Kafka, stops everything and starts it again, and checks that no
 * data is lost. Kafka must refuse clients without the right. The program ends with `N passed, N failed`. Without Docker the program fails with a message. If Docker
 * cannot pull the images but their stand-ins are available, the program builds the stand-ins first.
 */
const root = resolve(import.meta.dirname, "../..");
const project = "crossline-test";
const services = ["intake", "timer", "routing", "notification", "auditor", "insight", "console"];
const environment = {
  ...process.env,
  FIRST_LOOK: "1",
  INTAKE_PORT: "7390",
  KAFKA_PORT: "19390",
  OPERATOR_KEY: "operator-key-of-the-compose-test",
};
let vendorConnection = connectionOf(environment.KAFKA_PORT);
const url = `http://127.0.0.1:${environment.INTAKE_PORT}`;
const kafka = "apache/kafka:4.3.1";
const standins = resolve(root, "../shared/standins");
let passed = 0;
let failed = 0;

function compose(...words: string[]): void {
  execFileSync("docker", ["compose", "--project-name", project, ...words], {
    cwd: root,
    env: environment,
    stdio: "inherit",
  });
}

function outputOf(...words: string[]): string {
  const options = { cwd: root, env: environment, encoding: "utf8" } as const;
  return execFileSync("docker", ["compose", "--project-name", project, ...words], options);
}

async function check(what: string, work: () => Promise<void> | void): Promise<void> {
  const started = performance.now();
  try {
    await work();
    passed++;
    process.stdout.write(`ok: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    failed++;
    process.stdout.write(`FAILED: ${what}\n${(error as Error).stack}\n`);
  }
}

function ensureImages(): void {
  const docker = (...words: string[]): boolean => spawnSync("docker", words, { stdio: "ignore" }).status === 0;
  // A stand-in that was built from read-only files has read-only templates, which the image's own user cannot fill in.
  const isUsable = (): boolean =>
    docker("run", "--rm", "--entrypoint", "test", kafka, "-w", "/etc/kafka/docker/server.properties");
  const isThere = (image: string): boolean => docker("image", "inspect", image);
  if (["postgres:18", "node:26-bookworm-slim", kafka].every(isThere) && isUsable()) return;
  if (!existsSync(standins)) return; // Without stand-ins, compose pulls the images.
  const copy = mkdtempSync(join(tmpdir(), "standins-"));
  cpSync(standins, copy, { recursive: true });
  execFileSync("chmod", ["-R", "u+w", copy]);
  docker("rmi", "--force", kafka);
  execFileSync("bash", [join(copy, "standins.sh")], { stdio: "inherit" });
  rmSync(copy, { recursive: true });
}

type PrintedAccess = { readonly user: string; readonly password: string; readonly commands: readonly string[] };

/** Runs the commands that `crossline ACCESS --compose` prints, as an operator does. Returns the login of the user. */
function giveAccess(...access: string[]): PrintedAccess {
  const command = ["packages/cli/src/main.ts", ...access, "--compose", "--json"];
  const printed: PrintedAccess = JSON.parse(
    execFileSync(process.execPath, command, { cwd: root, env: environment, encoding: "utf8" }),
  );
  execFileSync("sh", {
    cwd: root,
    env: { ...environment, COMPOSE_PROJECT_NAME: project, KAFKA_PASSWORD_OPERATOR: `${publicDefault}-kafka-operator` },
    input: printed.commands.join("\n"),
    stdio: ["pipe", "ignore", "inherit"],
  });
  return printed;
}

/** Gives the vendor the first or the other user of its pair. */
function giveVendorAccess(...options: string[]): void {
  const { user, password } = giveAccess("vendor-access", "orchard", ...options);
  vendorConnection = connectionOf(environment.KAFKA_PORT, user, password);
}

/** Gives the vendor and a service their other users, and ends the older ones. */
async function rotatePasswords(): Promise<void> {
  const olderVendor = vendorConnection;
  giveVendorAccess("--rotate", "--current", "1");
  giveAccess("vendor-access", "orchard", "--end-old", "--current", "2");
  await checkEnded(olderVendor);
  const { user, password } = giveAccess("service-access", "timer", "--rotate", "--current", "1");
  Object.assign(environment, { KAFKA_USER_TIMER: user, KAFKA_PASSWORD_TIMER: password });
  compose("up", "--wait", "--wait-timeout", "240", "timer");
  giveAccess("service-access", "timer", "--end-old", "--current", "2");
  await checkEnded(connectionOf(environment.KAFKA_PORT, "service.timer.1"));
}

function openVendorDesk(onCase: (caseId: string) => void): Promise<{ readonly close: () => Promise<void> }> {
  const connection = { ...vendorConnection, vendor: "orchard" };
  return openDesk(connection, ["crossline.queue.orchard.v1"], ({ caseId }) => onCase(caseId));
}

async function withinMinute<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  const late = delay(60_000, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`${otherwise} within a minute`)),
  );
  return Promise.race([promise, late]);
}

async function crossCase(): Promise<void> {
  const operator = createClient(url, environment.OPERATOR_KEY);
  const newParty = async (party: string, kind: string) => {
    await operator.post("/v1/parties", { party, kind, name: party });
    const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
    return createClient(url, key);
  };
  const carrier = await newParty("northtel", "carrier");
  const vendor = await newParty("orchard", "vendor");
  await carrier.post("/v1/lines", {
    line: "quick",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT10S" }],
    crossing: [{ to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT60S" }],
    lastResort: ["https://duty.northtel.example/"],
  });
  giveVendorAccess();
  const arrived = Promise.withResolvers<string>();
  const desk = await openVendorDesk((caseId) => arrived.resolve(caseId));
  const opened = await carrier.post<{ id: string }>("/v1/cases", {
    carrierCaseId: "COMPOSE-1",
    line: "quick",
    title: "No signal",
    channel: "phone",
    handling: {},
  });
  const caseId = await withinMinute(arrived.promise, "no case crossed");
  if (caseId !== opened.id) throw new Error(`the wrong case crossed: ${caseId}`);
  await desk.close();
  const { items } = await vendor.get<{ items: unknown[] }>("/v1/queues/orchard.handheld/handoffs");
  if (items.length !== 1) throw new Error(`the queue has ${items.length} hand-offs`);
  if ((await carrier.get<{ id: string }>(`/v1/cases/${opened.id}`)).id !== opened.id)
    throw new Error("the case cannot be read");
}

async function findCaseAgain(): Promise<void> {
  await fetch(`${url}/health/live`).catch(() => {}); // Closes the remaining connections to the previous container.
  const operator = createClient(url, environment.OPERATOR_KEY);
  const { key } = await operator.post<{ key: string }>("/v1/parties/northtel/keys");
  const { items } = await createClient(url, key).get<{ items: unknown[] }>("/v1/cases?carrierCaseId=COMPOSE-1");
  if (items.length !== 1) throw new Error(`${items.length} cases have this id instead of one`);
  const arrived = Promise.withResolvers<string>();
  const desk = await openVendorDesk((caseId) => arrived.resolve(caseId));
  await withinMinute(arrived.promise, "the vendor's user did not read the record again");
  await desk.close();
}

async function showScreens(): Promise<void> {
  const page = await (await fetch(`${url}/app/board`)).text();
  const [, script = "/"] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
  const { status, headers } = await fetch(`${url}${script}`, { headers: { "accept-encoding": "br" } });
  if (status !== 200 || headers.get("content-encoding") !== "br") throw new Error(`${script} responds with ${status}`);
}

function refusePublicDefaults(): void {
  const words = ["compose", "--project-name", project, "up", "--build", "--wait", "--wait-timeout", "240"];
  const { status } = spawnSync("docker", words, {
    cwd: root,
    env: { ...environment, FIRST_LOOK: "" },
    stdio: "inherit",
  });
  if (status === 0) throw new Error("compose came up with public passwords");
  const sentences = outputOf("logs", "--no-log-prefix", "check-environment");
  const kafkaNames = ["operator", "broker", ...services].map((user) => `KAFKA_PASSWORD_${user.toUpperCase()}`);
  for (const name of ["POSTGRES_PASSWORD", "SERVICE_PASSWORD", "INTERNAL_KEY", ...kafkaNames])
    if (!sentences.includes(`${name} contains a public default`)) throw new Error(`no sentence names ${name}`);
  const running = outputOf("ps", "--services", "--status", "running").trim();
  if (running !== "") throw new Error(`these containers run: ${running}`);
}

function checkPrivileges(): void {
  for (const service of [...services, "postgres", "kafka"]) {
    const status = outputOf("exec", "-T", service, "cat", "/proc/1/status");
    const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? "";
    if (field("Uid") === "0") throw new Error(`${service} runs as root`);
    if (!/^0+$/.test(field("CapEff"))) throw new Error(`${service} has the capabilities ${field("CapEff")}`);
    if (field("NoNewPrivs") !== "1") throw new Error(`${service} can gain privileges`);
    const mounts = outputOf("exec", "-T", service, "cat", "/proc/mounts");
    if (!/^\S+ \/ \S+ ro,/m.test(mounts)) throw new Error(`${service} can write into its own file system`);
  }
}

/** The time for `docker inspect` and for the pause itself, in addition to the 10 s of docker-compose.yml. */
const toleranceMs = 1_500;

async function showOutage(): Promise<void> {
  const ids = services.map((service) => outputOf("ps", "--quiet", service).trim());
  const areAll = (health: string): boolean =>
    execFileSync("docker", ["inspect", "--format", "{{.State.Health.Status}}", ...ids], { encoding: "utf8" })
      .trim()
      .split("\n")
      .every((status) => status === health);
  const until = async (health: string, withinMs: number): Promise<void> => {
    const since = performance.now();
    while (!areAll(health)) {
      if (performance.now() - since > withinMs) throw new Error(`not every service is ${health} after ${withinMs} ms`);
      await delay(100);
    }
    process.stdout.write(`every service is ${health} after ${Math.round(performance.now() - since)} ms\n`);
  };
  compose("pause", "kafka");
  try {
    await until("unhealthy", 10_000 + toleranceMs);
  } finally {
    compose("unpause", "kafka");
  }
  await until("healthy", 60_000);
}

const rights = () => checkServiceRights(environment.KAFKA_PORT);
if (spawnSync("docker", ["info"], { stdio: "ignore" }).status !== 0 && !existsSync(standins)) {
  process.stdout.write("No Docker daemon responds: start one and try again.\n0 passed, 1 failed\n");
  process.exit(1);
}
try {
  await check("the images are available", ensureImages);
  await check("compose refuses public passwords", refusePublicDefaults);
  await check("compose comes up for a trial", () => compose("up", "--build", "--wait", "--wait-timeout", "240"));
  await check("a stalled case crosses to the vendor's own consumer", crossCase);
  await check("the Kafka users of the services have their rights, and no more", rights);
  await check("Kafka refuses each client without a user, a password or the right", () =>
    checkRefusals(environment.KAFKA_PORT, vendorConnection),
  );
  await check("a vendor and a service get a new password, and their older users end", rotatePasswords);
  await check("the screens are served", showScreens);
  await check("no container has privileges or writes into its own file system", checkPrivileges);
  await check("every service is unhealthy within 10 s if Kafka is frozen", showOutage);
  await check("compose goes down", () => compose("down"));
  await check("compose comes up again", () => compose("up", "--wait", "--wait-timeout", "240"));
  await check("the case still exists, and the vendor's user still reads its queue", findCaseAgain);
  await check("the Kafka users of the services still have their rights", rights);
} finally {
  if (failed > 0) compose("logs", "--tail", "30");
  compose("down", "--volumes");
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
