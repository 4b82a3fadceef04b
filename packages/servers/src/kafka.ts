import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { javaCommand, stateFolder } from "./config.ts";
import { isKafkaResponding } from "./kafka-probe.ts";
import { ensureKafkaInstalled, type KafkaInstallation } from "./kafka-install.ts";
import { checkKafkaAvailability } from "./kafka-availability.ts";
import { brokerProperties, type ExtraListener } from "./kafka-properties.ts";
import { attempt, withLock, isProcess, joinLease, launch, type Lease, release } from "./lease.ts";
import { noSpaceFault, ServerFault, portTakenFault, ensureSpace } from "./server-fault.ts";
import { choosePort, freePort } from "./port.ts";

const part = "Kafka";
const startTimeoutMs = 60_000;

export type KafkaOptions = {
  /** One broker per folder and name. */
  readonly name: string;
  readonly folder?: string;
  /** The last start's or any free one where none is wanted. */
  readonly port?: number;
  /** Further listeners, each behind a proxy; a broker that runs already keeps its own. */
  readonly extra?: readonly ExtraListener[];
  /** Begins without the data of earlier starts, where it does not run already: for tests. */
  readonly fresh?: boolean;
  /** Hears, in a few words, what is being done while it takes long: jars being fetched. */
  readonly onProgress?: (text: string) => void;
};

export type RunningKafka = {
  readonly brokers: string[];
  /** Another process had started it. */
  readonly adopted: boolean;
  readonly pid: number;
  readonly port: number;
  /** Gives it up. It stops when everybody has, and this returns then. Twice is fine. */
  readonly stop: () => Promise<void>;
};

/**
 * A real Apache Kafka of one node, on 127.0.0.1: jars through Maven at the first start, kept for all later ones. Started by
 * the first who asks, shared by all who ask for the same name, stopped once the last has gone, however that went. Data
 * survives. Returns when it answers. Throws a ServerFault (see `checkKafkaAvailability`; no space, port taken, Maven failed) or an Error
 * that names the log.
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const { name, folder = stateFolder(), port, extra, fresh = false, onProgress = () => {} } = options;
  const possible = checkKafkaAvailability();
  if (!possible.ok) throw new ServerFault(possible.reason);
  const home = join(folder, name, "kafka");
  ensureSpace(part, home);
  return withLock(`${home}.lock`, async () => {
    const found = await adopt(home);
    if (found) return handle(home, found.pid, found.lease, true);
    const installation = await ensureKafkaInstalled(onProgress);
    onProgress("starting Kafka");
    if (fresh) fs.rmSync(join(home, "data"), { recursive: true, force: true });
    const { pid, lease } = await begin(home, installation, port, extra);
    return handle(home, pid, lease, false);
  });
}

type LeasedBroker = { readonly pid: number; readonly lease: Lease };

function handle(home: string, pid: number, lease: Lease, adopted: boolean): RunningKafka {
  const port = lastPort(home);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= release(home, lease, () => isBroker(home, pid)));
  return { brokers: [`127.0.0.1:${port}`], adopted, pid, port, stop };
}

/** A lease on the broker that runs. One without a supervisor, or that does not answer, is made to stop first. */
async function adopt(home: string): Promise<LeasedBroker | undefined> {
  const pid = runningBroker(home);
  if (pid === undefined) return undefined;
  const lease = await joinLease(home, pid);
  if (lease !== undefined && (await untilItAnswers(home, pid))) return { pid, lease };
  if (lease !== undefined) fs.closeSync(lease);
  for (const signal of ["SIGTERM", "SIGKILL"]) {
    attempt(() => process.kill(pid, signal));
    for (const deadline = performance.now() + 15_000; performance.now() < deadline; await delay(20)) {
      if (!isBroker(home, pid)) return undefined;
    }
  }
  throw new Error(`Kafka's process ${pid} cannot be stopped, see ${home}/log`);
}

async function begin(
  home: string,
  { libraries, formatted, classes }: KafkaInstallation,
  wanted: number | undefined,
  extra: KafkaOptions["extra"],
): Promise<LeasedBroker> {
  const data = join(home, "data");
  if (!fs.existsSync(data)) copyAside(formatted, data);
  const port = await choosePort(part, home, wanted);
  const settings = join(home, "server.properties");
  fs.writeFileSync(settings, brokerProperties({ data, port, controllerPort: await freePort(), extra }));
  fs.rmSync(join(home, "pid"), { force: true });
  // 128 to 384 MB are plenty for one node, and the serial collector leaves the two cores to the services.
  // The first compiler alone: the second took 7 of a replay's 17 s of the broker's CPU and had paid nothing back by its end.
  const compiler = "-XX:TieredStopAtLevel=1";
  const java = [javaCommand(), "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", compiler, "-Dlog4j2.level=WARN"];
  // Classes as the JVM keeps them in memory, written at the end of a first run: later ones start in 1.2 s for 2.2.
  const draft = join(home, "classes.jsa");
  const archived = fs.existsSync(classes);
  const archive = archived ? `-XX:SharedArchiveFile=${classes}` : `-XX:ArchiveClassesAtExit=${draft}`;
  const command = [...java, archive, "-cp", join(libraries, "*"), "kafka.Kafka", settings];
  const keep = archived ? undefined : { from: draft, to: classes };
  const lease = launch(home, { command, signal: "TERM", keep });
  const pid = await pidOf(home);
  if (await untilItAnswers(home, pid)) return { pid, lease };
  fs.closeSync(lease);
  const log = fs.readFileSync(join(home, "log"), "utf8");
  if (/Address already in use/.test(log)) throw portTakenFault(part, port);
  if (/No space left on device/.test(log)) throw noSpaceFault(part, home);
  throw new Error(`Kafka did not start, see ${home}/log:\n${log.slice(0, 2_000)}`);
}

async function untilItAnswers(home: string, pid: number): Promise<boolean> {
  for (const deadline = performance.now() + startTimeoutMs; performance.now() < deadline; await delay(50)) {
    if (!isBroker(home, pid)) return false;
    if (await isKafkaResponding(lastPort(home))) return true;
  }
  return false;
}

async function pidOf(home: string): Promise<number> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await delay(5)) {
    const pid = runningBroker(home);
    if (pid !== undefined) return pid;
    const said = fs.readFileSync(join(home, "log"), "utf8");
    if (said !== "") await delay(200); // it may have ended at once
  }
  throw new Error(`Kafka did not start, see ${home}/log`);
}

function runningBroker(home: string): number | undefined {
  const pid = Number(attempt(() => fs.readFileSync(join(home, "pid"), "utf8")) ?? 0);
  return isBroker(home, pid) ? pid : undefined;
}

function isBroker(home: string, pid: number): boolean {
  return isProcess(pid, join(home, "server.properties"));
}

function lastPort(home: string): number {
  return Number(fs.readFileSync(join(home, "port"), "utf8"));
}

/** Copied aside and renamed, so that a kill half way leaves nothing that looks like data. */
function copyAside(from: string, to: string): void {
  fs.rmSync(`${to}.new`, { recursive: true, force: true });
  fs.cpSync(from, `${to}.new`, { recursive: true });
  fs.renameSync(`${to}.new`, to);
}
