import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A lease keeps a server running. The supervisor is a shell that starts the server and reads a named pipe. Each lease
 * is a write end of this pipe. `release` closes the write end. After kill -9 the kernel closes the write end. After the
 * last write end is closed, the supervisor reads the end of the file and stops the server. A process joins a running
 * server by opening its own write end.
 */
export type Lease = number;

/** The options for the start of a server under a supervisor. */
export type LaunchOptions = {
  readonly command: readonly string[];
  /** The signal that makes the server stop cleanly. */
  readonly signal: "INT" | "TERM";
  /** The account that runs the server if the server refuses to run as root. */
  readonly as?: { readonly uid: number; readonly gid: number } | undefined;
  /** A file that the server writes when it ends, and the path to which the supervisor then moves the file. */
  readonly keep?: { readonly from: string; readonly to: string } | undefined;
};

/**
 * Runs the work under a file lock, so that only one process works at a time. The kernel frees the lock of a process that ends.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  using lock = new DatabaseSync(file); // SQLite is used here only for its file lock.
  while (!attempt(() => (lock.exec("begin exclusive"), true))) await delay(25);
  return await work();
}

/**
 * Starts the server under a supervisor. In the folder `home`, the file `pid` contains the server's pid, and the file `log`
 * contains the server's output.
 */
export function launch(home: string, { command, signal, as, keep }: LaunchOptions): Lease {
  const fifo = join(home, "lease");
  rmSync(fifo, { force: true });
  execFileSync("mkfifo", ["-m", "600", fifo]);
  // No call blocks if the ends of the pipe are opened in this order.
  const [both, reader, lease] = [openSync(fifo, "r+"), openSync(fifo, "r"), openSync(fifo, "w")];
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

/** Returns another lease on the server with this pid. Returns undefined if the server's supervisor has ended or is ending. */
export async function joinLease(home: string, pid: number): Promise<Lease | undefined> {
  const lease = openWriteEnd(home);
  if (lease === undefined) return undefined;
  // After the last lease is closed, the supervisor may keep its read end open for a moment. If the pipe accepts more
  // bytes than it can store, the supervisor is still reading.
  const drop = Buffer.alloc(4_096);
  for (let written = 0, tries = 0; tries < 1_000;) {
    const outcome = writeTo(lease, drop);
    if (outcome === "gone") break;
    if (outcome === "full") await delay(5, tries++);
    else written += outcome;
    if (written > 65_536 && isProcess(parentOf(pid), join(home, "pid"))) return lease;
    if (written > 65_536) break; // The shell was killed, and only the shell's `cat` still reads the pipe.
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

/**
 * Closes the lease. If no other lease is open, the server stops, and the function resolves after the stop. If another
 * lease is open, the function resolves at once.
 */
export async function release(home: string, lease: Lease, isRunning: () => boolean): Promise<void> {
  closeSync(lease);
  for (let tries = 0; tries < 5; tries++) {
    const probe = openWriteEnd(home);
    if (probe === undefined) break;
    closeSync(probe);
    if (tries === 4) return; // The supervisor still reads the pipe, so another process has a lease.
    await delay(20);
  }
  for (const deadline = performance.now() + 30_000; isRunning() && performance.now() < deadline;) await delay(10);
}

/**
 * Returns whether this pid is a live process whose command line contains `mark`. The function checks `mark` because
 * another process can later have the same pid, which is usual in containers.
 */
export function isProcess(pid: number, mark: string): boolean {
  if (!(pid > 1)) return false;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  // A process at its end loses its command line before it closes its files and ports.
  return command === "" ? isEnding(pid) : command?.includes(mark) === true;
}

function isEnding(pid: number): boolean {
  const { state, parent } = status(pid);
  if (state === "" || parent === 2) return false; // A kernel thread (a child of pid 2) never has a command line.
  // The first thread can be defunct (Z) while other threads of the process still run and hold its files.
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

/** Returns the result of the work, or undefined if the work throws. */
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
