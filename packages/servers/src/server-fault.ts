import { mkdirSync, statfsSync } from "node:fs";

/** A server cannot be started here. The message is one sentence that says what to do. */
export class ServerFault extends Error {
  override readonly name = "ServerFault";
}

const neededBytes = 200 * 2 ** 20;

/** Makes the folder and throws a ServerFault where it cannot be made or hardly anything fits in. */
export function ensureSpace(part: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new ServerFault(`${part} cannot keep its data in ${folder} (${reason(cause)}): name another folder.`, {
      cause,
    });
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < neededBytes) throw noSpaceFault(part, folder);
}

/** The sentence for a full disk. */
export function noSpaceFault(part: string, folder: string, cause?: unknown): ServerFault {
  const text = `${part} has no space left on the disk of ${folder}: free 200 MB and start again.`;
  return new ServerFault(text, { cause });
}

/** The sentence for a port that somebody else has. */
export function portTakenFault(part: string, port: number): ServerFault {
  return new ServerFault(
    `Port ${port}, wanted for ${part}, is in use by another program: stop that or name another port.`,
  );
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
