import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type ExtraListener, startOpenKafka, startPostgres, stateFolder } from "@crossline/servers";

/** A server that faults can stop, freeze or kill. */
export type ServerProcess = {
  readonly pid: () => number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Waits for the end of a killed server and restarts it. Does nothing if the server runs. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type RunningServer = { readonly pid: number; readonly stop: () => Promise<void> };

async function startControllable(begin: () => Promise<RunningServer>): Promise<ServerProcess> {
  let running = await begin();
  return {
    pid: () => running.pid,
    signal: (name) => sendSignal(running.pid, name),
    restart: async () => {
      await running.stop();
      running = await begin();
    },
    stop: async () => {
      sendSignal(running.pid, "SIGCONT");
      await running.stop();
    },
  };
}

/** Starts Kafka with a listener for each proxy. */
export async function startBroker(name: string, port: number, extra: readonly ExtraListener[]): Promise<ServerProcess> {
  return startControllable(() => startOpenKafka({ name, port, extra }));
}

/**
 * Postgres does not flush its commits, because only a crash of the machine would lose them. A killed server keeps every commit.
 */
const settings = { max_connections: "300", fsync: "off", full_page_writes: "off", max_wal_size: "256MB" };

/** Starts PostgreSQL on the run's own disk. */
export async function startDatabase(
  name: string,
  port: number,
  disk: Disk,
): Promise<ServerProcess & { readonly url: string }> {
  const server = await startControllable(() => startPostgres({ name, folder: disk.folder, port, settings }));
  return { ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}

/** The disk of Postgres. */
export type Disk = {
  readonly folder: string;
  /** The reason why this machine cannot fill the disk. Undefined if it can. */
  readonly notFillable: string | undefined;
  /** Fills the disk to the last byte. */
  readonly fill: () => void;
  readonly free: () => void;
  readonly remove: () => void;
};

/**
 * Mounts a small file system in memory for the run. If the mount is not allowed, the function uses a folder that cannot be
 * filled.
 */
export function makeDisk(name: string, megabytes: number): Disk {
  const folder = join(stateFolder(), name, "disk");
  const ballast = join(folder, "ballast");
  mkdirSync(folder, { recursive: true });
  let notFillable: string | undefined;
  try {
    const options = ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "tmpfs", folder];
    execFileSync("mount", options, { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    notFillable = `no file system can be mounted here (${firstLine(error)})`;
  }
  return {
    folder,
    notFillable,
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      // Allocates most of the space at once, unless Postgres takes it first, and writes until the disk is full.
      if (!existsSync(ballast)) {
        spawnSync("fallocate", ["--length", String(bavail * bsize), ballast], { stdio: "ignore" });
      }
      writeUntilFull(ballast);
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      if (notFillable === undefined) execFileSync("umount", ["--lazy", folder]);
      rmSync(join(stateFolder(), name), { recursive: true, force: true });
    },
  };
}

function writeUntilFull(file: string): void {
  const chunk = Buffer.alloc(65_536);
  const descriptor = openSync(file, "a");
  try {
    for (;;) writeSync(descriptor, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Removes the disks of killed runs. The servers of a killed run ended with the run. */
export function sweepDisks(): void {
  if (!existsSync(stateFolder())) return;
  for (const name of readdirSync(stateFolder())) {
    const pid = Number(/^nemesis-(\d+)$/.exec(name)?.[1]);
    if (!(pid > 0) || existsSync(`/proc/${pid}`)) continue;
    spawnSync("umount", ["--lazy", join(stateFolder(), name, "disk")], { stdio: "ignore" });
    rmSync(join(stateFolder(), name), { recursive: true, force: true });
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended.
  }
}

function firstLine(error: unknown): string {
  const { stderr } = error as { stderr?: Buffer };
  return (
    String(stderr ?? error)
      .trim()
      .split("\n")[0] ?? ""
  );
}
