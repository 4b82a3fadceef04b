import { type Client, createClient } from "./client.ts";
import { CommandFault, UnreachableFault } from "./fault.ts";
import { saveState, readState } from "./keys.ts";
import { type Ports, portsFrom } from "./services.ts";

/** The default port of `start`. */
export const defaultPort = 7300;

const responseMs = 5_000;

/** The running Crossline that `start` has started from this checkout. */
export type RunningCrossline = {
  /** Its public address. */
  readonly url: string;
  readonly ports: Ports;
  readonly operator: Client;
};

/** Saves the first port of the started Crossline, for the verbs that need it. */
export function rememberPort(port: number): void {
  saveState("port", String(port));
}

/** Returns the port of this checkout's last `start`. Does not check whether a program listens on this port. */
export function rememberedPort(read: typeof readState = readState): number {
  return Number(read("port") ?? defaultPort);
}

/**
 * Finds this checkout's running Crossline at the given port, or else at the saved port. Throws a CommandFault if no
 * program responds at that port, or if the program there is not this checkout's Crossline.
 */
export async function findRunning(given?: number, read: typeof readState = readState): Promise<RunningCrossline> {
  const operatorKey = read("operator-key");
  if (operatorKey === undefined)
    throw new UnreachableFault(
      "Crossline has not been started from this checkout yet: run `npx -y pnpm start` in another terminal.",
    );
  const port = given ?? rememberedPort(read);
  const ports = portsFrom(port);
  const url = `http://127.0.0.1:${port}`;
  await checkOwn(url, operatorKey);
  return { url, ports, operator: createClient(url, operatorKey) };
}

/**
 * Checks with the operator key that the program is this checkout's Crossline. Each checkout has its own operator key,
 * and no other Crossline accepts this key.
 */
async function checkOwn(url: string, operatorKey: string): Promise<void> {
  const remedy = "run `npx -y pnpm start` in another terminal, or name the port of the running one with --port.";
  const headers = { authorization: `Bearer ${operatorKey}` };
  const signal = AbortSignal.timeout(responseMs);
  const response = await fetch(new URL("/v1/parties?limit=1", url), { headers, signal }).catch(() => undefined);
  if (response === undefined) throw new UnreachableFault(`No Crossline responds at ${url}: ${remedy}`);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status >= 500)
    throw new UnreachableFault(`The Crossline at ${url} is not ready yet: try again in a moment.`);
  if (!response.ok || !isList(body)) throw new CommandFault(`${url} is not the Crossline of this checkout: ${remedy}`);
}

function isList(body: unknown): boolean {
  return typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items);
}
