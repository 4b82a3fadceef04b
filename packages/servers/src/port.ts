import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { portTakenFault } from "./server-fault.ts";

/**
 * Returns the port for a server and writes the port to the folder. The first choice is `wanted`. If `wanted` is taken,
 * the function throws a ServerFault. The second choice is the port of the last start, so that addresses stay the same.
 * If the port of the last start is taken, the function chooses a free port below the range that the kernel gives to
 * clients.
 */
export async function choosePort(serverName: string, folder: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && !(await isFree(wanted))) throw portTakenFault(serverName, wanted);
  const file = join(folder, "port");
  let port = wanted ?? readLastPort(file);
  while (!(await isFree(port))) port = anyPort();
  writeFileSync(file, String(port));
  return port;
}

/** Returns a free port without storing it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = anyPort();
    if (await isFree(port)) return port;
  }
}

function readLastPort(file: string): number {
  try {
    return Number(readFileSync(file, "utf8")) || anyPort();
  } catch {
    return anyPort();
  }
}

function anyPort(): number {
  return randomInt(20_000, 32_000);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
