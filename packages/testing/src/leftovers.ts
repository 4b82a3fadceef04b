import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "@crossline/servers";

/** Where the private servers of this run's tests keep their data. */
export function privateFolder(): string {
  return join(stateFolder(), "private");
}

/** Removes the data of private servers whose test process was killed; the servers stopped with it. */
export function sweepPrivateFolders(): void {
  for (const name of list(privateFolder())) {
    // What no process is named in is shared: PostgreSQL's binaries, where its user cannot reach the checkout.
    if (/^\d+-/.test(name) && !isAlive(Number(name.split("-")[0])))
      rmSync(join(privateFolder(), name), { recursive: true, force: true });
  }
}

/** Whether a process has this pid. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
