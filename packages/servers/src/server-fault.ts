import { mkdirSync, statfsSync } from "node:fs";

/** A fault for a server that cannot start here. The message is one sentence with the remedy. */
export class ServerFault extends Error {
  override readonly name = "ServerFault";
}

const neededBytes = 200 * 2 ** 20;

/** Creates the folder. Throws a ServerFault if the folder cannot be created, or the disk has less than 200 MB of space. */
export function ensureSpace(serverName: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new ServerFault(`${serverName} cannot keep its data in ${folder} (${reason(cause)}): name another folder.`, {
      cause,
    });
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < neededBytes) throw noSpaceFault(serverName, folder);
}

/** Returns the fault for a full disk. */
export function noSpaceFault(serverName: string, folder: string, cause?: unknown): ServerFault {
  const text = `${serverName} has no space left on the disk of ${folder}: free 200 MB and start again.`;
  return new ServerFault(text, { cause });
}

/** Returns the fault for a port that another program uses. */
export function portTakenFault(serverName: string, port: number): ServerFault {
  return new ServerFault(
    `Port ${port}, wanted for ${serverName}, is in use by another program: stop that program or name another port.`,
  );
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
