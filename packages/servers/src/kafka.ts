import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { javaCommand, stateFolder } from "./config.ts";
import { isKafkaResponding } from "./kafka-probe.ts";
import { ensureKafkaInstalled, type KafkaInstallation } from "./kafka-install.ts";
import { checkKafkaAvailability } from "./kafka-availability.ts";
import { brokerProperties, type ExtraListener } from "./kafka-properties.ts";
import { type KafkaUsers, brokerPassword, formatOpen, formatWithUsers, usersOf } from "./kafka-users.ts";
import { attempt, withLock, isProcess, joinLease, launch, type Lease, release } from "./lease.ts";
import { noSpaceFault, ServerFault, portTakenFault, ensureSpace } from "./server-fault.ts";
import { choosePort, freePort } from "./port.ts";

const serverName = "Kafka";
const startTimeoutMs = 60_000;

export type KafkaOptions = {
  /** Processes with the same folder and name share one broker. */
  readonly name: string;
  readonly folder?: string;
  /** The default is the port of the last start if that port is free, and otherwise any free port. */
  readonly port?: number;
  /**
   * Additional listeners, each of which is behind a proxy. A broker that is already running keeps its own listeners.
   */
  readonly extra?: readonly ExtraListener[];
  /** Deletes the data of earlier starts, unless the broker is already running. Only tests set `fresh`. */
  readonly fresh?: boolean;
  /** Receives a short text about the current step of a long start, for example while Maven fetches jars. */
  readonly onProgress?: (text: string) => void;
};

/** A running Kafka on which this process has a lease. */
export type RunningKafka = {
  readonly brokers: string[];
  /** True if another process has started the broker. */
  readonly adopted: boolean;
  readonly pid: number;
  readonly port: number;
  /** Releases the broker. The last process to release the broker stops it and waits for its end. `stop` can be called twice. */
  readonly stop: () => Promise<void>;
};

/** A running Kafka whose clients need a user and its rights. */
export type LockedKafka = RunningKafka & { readonly users: KafkaUsers };

/**
 * Starts a real Apache Kafka with one node on 127.0.0.1, or joins the running broker of the same name. At the first start Maven
 * fetches the jars, which all later starts use. Kafka stops when the last process has released Kafka or has ended in any way. The
 * data stays. Every client needs the password of a user, and the user's rights. Besides `users`, the broker has the users `broker` and
 * `operator`, which may do everything. A user in `users` has no rights until `applyKafkaRights` gives it some. Resolves when Kafka
 * responds. Throws a ServerFault (see `checkKafkaAvailability`; no space, port taken, Maven failed, data without users) or an Error
 * that names the log.
 */
export async function startKafka(options: KafkaOptions & { readonly users: readonly string[] }): Promise<LockedKafka> {
  const { users } = options;
  return start(options, users, async (home, kafka) => ({ ...kafka, users: await ensureUsers(home, kafka, users) }));
}

/**
 * Starts Kafka as `startKafka` does, but without users: every client may do everything. Only tests and benchmarks use an open
 * broker.
 */
export async function startOpenKafka(options: KafkaOptions): Promise<RunningKafka> {
  return start(options, "everyone", async (_, kafka) => kafka);
}

type Users = readonly string[] | "everyone";

async function start<T>(
  options: KafkaOptions,
  users: Users,
  complete: (home: string, kafka: RunningKafka) => Promise<T>,
): Promise<T> {
  const { name, folder = stateFolder(), fresh = false, onProgress = () => {} } = options;
  const availability = checkKafkaAvailability();
  if (!availability.ok) throw new ServerFault(availability.reason);
  const home = join(folder, name, "kafka");
  ensureSpace(serverName, home);
  return withLock(`${home}.lock`, async () => {
    const running = await adopt(home);
    const { pid, lease } = running ?? (await startBroker(home, users, { ...options, fresh, onProgress }));
    return complete(home, handle(home, pid, lease, running !== undefined));
  });
}

async function startBroker(
  home: string,
  users: Users,
  { port, extra, fresh, onProgress }: Omit<KafkaOptions, "onProgress"> & { onProgress: (text: string) => void },
): Promise<LeasedBroker> {
  const installation = await ensureKafkaInstalled(onProgress);
  onProgress("starting Kafka");
  const data = join(home, "data");
  if (fresh) fs.rmSync(data, { recursive: true, force: true });
  if (!fs.existsSync(data))
    await (users === "everyone" ? formatOpen(home, installation) : formatWithUsers(home, installation, users));
  return begin(home, installation, { wanted: port, extra, isOpen: users === "everyone" });
}

/** Creates the users that an earlier start has not created. */
async function ensureUsers(home: string, { brokers }: RunningKafka, wanted: readonly string[]): Promise<KafkaUsers> {
  brokerPassword(home); // A broker that was open before has no users.
  const users = usersOf(home, () => brokers.join(","));
  const present = users.names();
  for (const user of wanted) if (!present.includes(user)) await users.renew(user);
  return users;
}

type LeasedBroker = { readonly pid: number; readonly lease: Lease };

function handle(home: string, pid: number, lease: Lease, adopted: boolean): RunningKafka {
  const port = lastPort(home);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= release(home, lease, () => isBroker(home, pid)));
  return { brokers: [`127.0.0.1:${port}`], adopted, pid, port, stop };
}

/**
 * Returns a lease on the running broker. If the broker has no supervisor or does not respond, the function stops the broker and
 * returns undefined.
 */
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
  { libraries, classes }: KafkaInstallation,
  { wanted, extra, isOpen }: { wanted: number | undefined; extra: KafkaOptions["extra"]; isOpen: boolean },
): Promise<LeasedBroker> {
  const data = join(home, "data");
  const password = isOpen ? undefined : brokerPassword(home);
  const port = await choosePort(serverName, home, wanted);
  const settings = join(home, "server.properties");
  const controllerPort = await freePort();
  fs.rmSync(settings, { force: true }); // The mode applies only to a new file.
  fs.writeFileSync(settings, brokerProperties({ data, port, controllerPort, extra, brokerPassword: password }), {
    mode: 0o600,
  });
  fs.rmSync(join(home, "pid"), { force: true });
  // 128 to 384 MB are enough for one node, and the serial collector leaves the two cores to the services. The broker uses only
  // Java's first compiler (C1). The second compiler (C2) took 7 of the 17 s of the broker's CPU time in a replay, and saved no
  // time.
  const compiler = "-XX:TieredStopAtLevel=1";
  const java = [javaCommand(), "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", compiler, "-Dlog4j2.level=WARN"];
  // At the end of its first run the broker writes an archive of loaded classes. With the archive, a broker starts in
  // 1.2 s instead of 2.2 s.
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
  if (/Address already in use/.test(log)) throw portTakenFault(serverName, port);
  if (/No space left on device/.test(log)) throw noSpaceFault(serverName, home);
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
    const output = fs.readFileSync(join(home, "log"), "utf8");
    if (output !== "") await delay(200); // Kafka may have ended at once.
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
