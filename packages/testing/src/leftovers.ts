import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "@crossline/servers";

/** Returns the folder with the data of the private servers of tests. */
export function privateFolder(): string {
  return join(stateFolder(), "private");
}

/**
 * Removes the data of private servers whose test process was killed. The private servers stopped when their test
 * process ended.
 */
export function sweepPrivateFolders(): void {
  for (const name of list(privateFolder())) {
    // A folder without a pid in its name is shared. The shared folder has PostgreSQL's binaries if PostgreSQL's user
    // cannot enter the checkout.
    if (/^\d+-/.test(name) && !isAlive(Number(name.split("-")[0])))
      rmSync(join(privateFolder(), name), { recursive: true, force: true });
  }
}

/** Returns whether a process has this pid. */
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
