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
  /** A file that the server leaves at its end, and where it is put once the server has ended. */
  readonly keep?: { readonly from: string; readonly to: string } | undefined;
};

/** Does the work while no other process does any under the same file's lock, which the kernel frees when its holder dies. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  using lock = new DatabaseSync(file); // for SQLite's file lock
  while (!attempt(() => (lock.exec("begin exclusive"), true))) await delay(25);
  return await work();
}

/** Starts the server under a supervisor. Its pid is in `pid`, what it prints in `log`, both in the folder `home`. */
export function launch(home: string, { command, signal, as, keep }: Command): Lease {
  const fifo = join(home, "lease");
  rmSync(fifo, { force: true });
  execFileSync("mkfifo", ["-m", "600", fifo]);
  const [both, reader, lease] = [openSync(fifo, "r+"), openSync(fifo, "r"), openSync(fifo, "w")]; // in this order none blocks
  const log = openSync(join(home, "log"), "w");
  const supervise = `file=$1 from=$2 to=$3; shift 3; "$@" & server=$!; echo $server >"$file"; cat >/dev/null; exec </dev/null
    kill -${signal} $server; kill -CONT $server # it may have been paused
    (sleep 30; kill -KILL $server) & wait $server; code=$?; kill $!
    test -z "$from" -o $code = 137 || mv -f "$from" "$to.$$" && mv -f "$to.$$" "$to" # in two steps, as it may be another disk`;
  const args = ["-c", supervise, "sh", join(home, "pid"), keep?.from ?? "", keep?.to ?? "", ...command];
  spawn("/bin/sh", args, { ...as, cwd: "/", detached: true, stdio: [reader, log, log] }).unref();
  for (const fd of [both, reader, log]) closeSync(fd);
  return lease;
}

/** A further lease on the server with this pid; undefined where its supervisor has gone or is going. */
export async function joinLease(home: string, pid: number): Promise<Lease | undefined> {
  const lease = openWriteEnd(home);
  if (lease === undefined) return undefined;
  // A supervisor that has just seen the last lease go may not have closed its end yet. It is one that still reads when
  // it takes more than a pipe holds.
  const drop = Buffer.alloc(4_096);
  for (let taken = 0, tries = 0; tries < 1_000;) {
    const outcome = writeTo(lease, drop);
    if (outcome === "gone") break;
    if (outcome === "full") await delay(5, tries++);
    else taken += outcome;
    if (taken > 65_536 && isProcess(parentOf(pid), join(home, "pid"))) return lease;
    if (taken > 65_536) break; // the shell was killed, and what reads is only its `cat`
  }
  closeSync(lease);
  return undefined;
}

function writeTo(lease: Lease, bytes: Buffer): number | "full" | "gone" {
  try {
    return writeSync(lease, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? "full" : "gone";
  }
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
  const { state, parent } = status(pid);
  if (state === "" || parent === 2) return false; // kernel threads have no command line either
  // The first thread may be a zombie while others, with the same files, are still there.
  return state !== "Z" || (attempt(() => readdirSync(`/proc/${pid}/task`).length) ?? 0) > 1;
}

function parentOf(pid: number): number {
  return status(pid).parent;
}

function status(pid: number): { readonly state: string; readonly parent: number } {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  const [state = "", parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state, parent: Number(parent ?? 0) };
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
