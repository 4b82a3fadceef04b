import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

/**
 * How a server outlives none of those who use it, however they end: a shell, the supervisor, starts the server and reads
 * a named pipe, whose write ends are the leases. When the last one is closed, by `release` or by the kernel after kill -9, the read
 * ends and the supervisor stops the server. Whoever finds a server running joins it by opening a write end of his own.
 */
export type Lease = number;

export type Command = {
  readonly command: readonly string[];
  /** What the server takes for a request to stop in good order. */
  readonly signal: "INT" | "TERM";
  /** Another user, where the server refuses root. */
  readonly as?: { readonly uid: number; readonly gid: number } | undefined;
};

/** Does the work while no other process does any under the same file's lock, which the kernel frees when its holder dies. */
export async function exclusively<T>(file: string, work: () => Promise<T>): Promise<T> {
  using lock = new DatabaseSync(file); // for SQLite's file lock
  while (!attempt(() => (lock.exec("begin exclusive"), true))) await delay(25);
  return await work();
}

/** Starts the server under a supervisor. Its pid is in `pid`, what it prints in `log`, both in the folder `home`. */
export function launch(home: string, { command, signal, as }: Command): Lease {
  const fifo = join(home, "lease");
  rmSync(fifo, { force: true });
  execFileSync("mkfifo", ["-m", "600", fifo]);
  const [both, reader, lease] = [openSync(fifo, "r+"), openSync(fifo, "r"), openSync(fifo, "w")]; // in this order none blocks
  const log = openSync(join(home, "log"), "w");
  const supervise = `file=$1; shift; "$@" & server=$!; echo $server >"$file"; cat >/dev/null; exec </dev/null
    kill -${signal} $server; kill -CONT $server # it may have been paused
    (sleep 30; kill -KILL $server) & wait $server; kill $!`;
  const args = ["-c", supervise, "sh", join(home, "pid"), ...command];
  spawn("/bin/sh", args, { ...as, cwd: "/", detached: true, stdio: [reader, log, log] }).unref();
  for (const fd of [both, reader, log]) closeSync(fd);
  return lease;
}

/** A further lease on a running server; undefined where its supervisor has gone or is going. */
export async function joinLease(home: string): Promise<Lease | undefined> {
  const lease = openWriteEnd(home);
  if (lease === undefined) return undefined;
  await delay(20); // a supervisor that had just seen the last lease go has closed its end by then, and writing fails
  if (attempt(() => writeSync(lease, ".")) === 1) return lease;
  closeSync(lease);
  return undefined;
}

/** Gives the lease back. When nobody else holds one, the server stops; returns when it has, or at once if it goes on. */
export async function release(home: string, lease: Lease, isRunning: () => boolean): Promise<void> {
  closeSync(lease);
  for (let tries = 0; tries < 5; tries++) {
    const probe = openWriteEnd(home);
    if (probe === undefined) break;
    closeSync(probe);
    if (tries === 4) return; // somebody else is reading on
    await delay(20);
  }
  for (const deadline = performance.now() + 30_000; isRunning() && performance.now() < deadline;) await delay(10);
}

/** Whether this pid is a live process whose command line names `mark`: pids are reused, in containers always. */
export function isProcess(pid: number, mark: string): boolean {
  if (!(pid > 1)) return false;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  // A process that ends loses its command line first and closes its files and ports only then.
  return command === "" ? isEnding(pid) : command?.includes(mark) === true;
}

function isEnding(pid: number): boolean {
  const status = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  const [state = "", parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
  if (state === "" || parent === "2") return false; // kernel threads have no command line either
  // The first thread may be a zombie while others, with the same files, are still there.
  return state !== "Z" || (attempt(() => readdirSync(`/proc/${pid}/task`).length) ?? 0) > 1;
}

/** The result, or undefined where it throws. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function openWriteEnd(home: string): Lease | undefined {
  return attempt(() => openSync(join(home, "lease"), constants.O_WRONLY | constants.O_NONBLOCK));
}
