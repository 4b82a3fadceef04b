import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, openDesk } from "@crossline/cli";

/**
 * Starts docker-compose.yml, lets a case stall and cross, stops everything and starts it again, and checks that no data
 * is lost. The program ends with `N passed, N failed`. Without Docker the program fails with a message. If Docker
 * cannot pull the images but their stand-ins are available, the program builds the stand-ins first.
 */
const root = resolve(import.meta.dirname, "../..");
const project = "crossline-test";
const environment = {
  ...process.env,
  INTAKE_PORT: "7390",
  KAFKA_PORT: "19390",
  OPERATOR_KEY: "operator-key-of-the-compose-test",
};
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
  const arrived = Promise.withResolvers<string>();
  const desk = await openDesk([`127.0.0.1:${environment.KAFKA_PORT}`], ["crossline.queue.orchard.v1"], ({ caseId }) =>
    arrived.resolve(caseId),
  );
  const opened = await carrier.post<{ id: string }>("/v1/cases", {
    carrierCaseId: "COMPOSE-1",
    line: "quick",
    title: "No signal",
    channel: "phone",
    handling: {},
  });
  const late = delay(60_000, undefined, { ref: false }).then(() =>
    Promise.reject(new Error("no case crossed within a minute")),
  );
  const caseId = await Promise.race([arrived.promise, late]);
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
}

function checkUsers(): void {
  for (const service of ["intake", "timer", "routing", "notification", "auditor", "insight", "postgres", "kafka"]) {
    const words = [
      "compose",
      "--project-name",
      project,
      "exec",
      "-T",
      service,
      "sh",
      "-c",
      "grep ^Uid: /proc/1/status",
    ];
    const line = execFileSync("docker", words, { cwd: root, env: environment, encoding: "utf8" });
    if (line.split(/\s+/)[1] === "0") throw new Error(`${service} runs as root`);
  }
}

if (spawnSync("docker", ["info"], { stdio: "ignore" }).status !== 0 && !existsSync(standins)) {
  process.stdout.write("No Docker daemon responds: start one and try again.\n0 passed, 1 failed\n");
  process.exit(1);
}
try {
  await check("the images are available", ensureImages);
  await check("compose comes up", () => compose("up", "--build", "--wait", "--wait-timeout", "240"));
  await check("a stalled case crosses to the vendor's own consumer", crossCase);
  await check("no process runs as root", checkUsers);
  await check("compose goes down", () => compose("down"));
  await check("compose comes up again", () => compose("up", "--wait", "--wait-timeout", "240"));
  await check("the case still exists", findCaseAgain);
} finally {
  if (failed > 0) compose("logs", "--tail", "30");
  compose("down", "--volumes");
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
