import { readFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ on current Linux

/** Returns the seconds of CPU that a process and its present children have used so far. */
export function cpuSeconds(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ownSeconds(one), 0);
}

function ownSeconds(pid: number): number {
  try {
    // The process's name, which is in brackets, may contain blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0; // The process has ended.
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Returns the resident memory of a process in MiB, or 0 if it has ended. */
export function residentMebibytes(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
  } catch {
    return 0;
  }
}
