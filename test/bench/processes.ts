import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Returns the seconds of CPU that a process has used so far, or 0 if it has ended. */
export function cpuSeconds(pid: number | undefined): number {
  const stat = statOf(pid);
  return ((stat[11] ?? 0) + (stat[12] ?? 0)) / ticksPerSecond;
}

/**
 * Returns the seconds of CPU that a server with a process per connection has used. The result includes the first process, the
 * present children and the ended children.
 */
export function serverCpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  const stat = statOf(pid);
  const ended = ((stat[13] ?? 0) + (stat[14] ?? 0)) / ticksPerSecond;
  return children.reduce((sum, child) => sum + cpuSeconds(child), cpuSeconds(pid) + ended);
}

/** Returns the parent of a process. Throws if the process has ended. */
export function parentOf(pid: number | undefined): number {
  const parent = statOf(pid)[1];
  if (parent === undefined) throw new Error(`there is no process ${pid}`);
  return parent;
}

/**
 * Returns the fields of `/proc/PID/stat` after the process's name, which is in brackets and may contain blanks. The result is
 * empty if the process has ended.
 */
function statOf(pid: number | undefined): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return [];
  }
}

/** Returns the resident memory of a process in MiB. */
export function residentMib(pid: number | undefined): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}
