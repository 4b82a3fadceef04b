import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** CPU time that a process has used so far, in seconds; 0 where it is gone. */
export function cpuSeconds(pid: number | undefined): number {
  const stat = statOf(pid);
  return ((stat[11] ?? 0) + (stat[12] ?? 0)) / ticksPerSecond;
}

/**
 * CPU time that a server with a process for each connection has used so far, in seconds: its first process, those that it has
 * now, and those that have ended.
 */
export function serverCpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  const stat = statOf(pid);
  const ended = ((stat[13] ?? 0) + (stat[14] ?? 0)) / ticksPerSecond;
  return children.reduce((sum, child) => sum + cpuSeconds(child), cpuSeconds(pid) + ended);
}

/** The process that started this one. Throws where it is gone. */
export function parentOf(pid: number | undefined): number {
  const parent = statOf(pid)[1];
  if (parent === undefined) throw new Error(`there is no process ${pid}`);
  return parent;
}

/** What follows the name, which may hold blanks, in brackets; empty where the process is gone. */
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

/** Resident memory of a process, in MiB. */
export function residentMib(pid: number | undefined): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}
