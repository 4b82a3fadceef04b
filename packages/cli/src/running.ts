import { type Client, createClient } from "./client.ts";
import { CommandFault } from "./fault.ts";
import { saveState, readState } from "./keys.ts";
import { type Ports, portsFrom } from "./services.ts";

/** Where `start` listens unless another port is given. */
export const defaultPort = 7300;

const answerMs = 5_000;

/** The Crossline that `start` runs from this checkout. */
export type RunningCrossline = {
  /** Its public address. */
  readonly url: string;
  readonly ports: Ports;
  readonly operator: Client;
};

/** Remembers the first port of the Crossline that `start` has brought up, for the verbs that need a running one. */
export function rememberPort(port: number): void {
  saveState("port", String(port));
}

/** The port of the last `start` of this checkout; whether anything still listens there is not checked. */
export function rememberedPort(read: typeof readState = readState): number {
  return Number(read("port") ?? defaultPort);
}

/**
 * Finds this checkout's running Crossline at the given port, else at the remembered one. Throws a CommandFault where nothing
 * answers there, or another program does.
 */
export async function findRunning(given?: number, read: typeof readState = readState): Promise<RunningCrossline> {
  const operatorKey = read("operator-key");
  if (operatorKey === undefined)
    throw new CommandFault("Nothing was started from this checkout yet: run `npx -y pnpm start` in another terminal.");
  const port = given ?? rememberedPort(read);
  const ports = portsFrom(port);
  const url = `http://127.0.0.1:${port}`;
  await checkOwn(url, operatorKey);
  return { url, ports, operator: createClient(url, operatorKey) };
}

/** The operator's key differs from checkout to checkout, so only this checkout's Crossline lists its parties for it. */
async function checkOwn(url: string, operatorKey: string): Promise<void> {
  const remedy = "run `npx -y pnpm start` in another terminal, or name the port of the running one with --port.";
  const headers = { authorization: `Bearer ${operatorKey}` };
  const signal = AbortSignal.timeout(answerMs);
  const response = await fetch(new URL("/v1/parties?limit=1", url), { headers, signal }).catch(() => undefined);
  if (response === undefined) throw new CommandFault(`No Crossline answers at ${url}: ${remedy}`);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status >= 500)
    throw new CommandFault(`The Crossline at ${url} is not ready yet: try again in a moment.`);
  if (!response.ok || !isList(body)) throw new CommandFault(`${url} is not the Crossline of this checkout: ${remedy}`);
}

function isList(body: unknown): boolean {
  return typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items);
}
