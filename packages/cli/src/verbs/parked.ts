import { type Client, ResponseFault, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";
import { readState } from "../keys.ts";
import { printTable, print } from "../print.ts";
import { findRunning, rememberedPort } from "../running.ts";
import { type ServiceName, portsFrom, serviceNames } from "../services.ts";

type ParkedCase = { key: string; topic: string; sequence: number; attempts: number; reason: string };
type DeadLetter = { id: number; topic: string; partition: number; offset: number; reason: string };

/** Runs `parked list`. The verb prints the parked cases and dead letters of each running service. */
export async function listAllParked(port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  for (const name of serviceNames) await list(name, clientOf(name));
  return 0;
}

/** Runs `parked replay SERVICE CASE`. The service retries the parked records of the case. */
export async function replayParked(service: ServiceName, caseId: string, port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  return replay(service, clientOf(service), `/internal/parked/${caseId}/replay`);
}

/** Runs `parked replay-dead SERVICE ID`. The service retries the dead letter. */
export async function replayDeadLetter(service: ServiceName, id: string, port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  return replay(service, clientOf(service), `/internal/dead-letters/${id}/replay`);
}

/**
 * Connects to the services of this checkout. If INTERNAL_KEY is set, connects to the services of another Crossline on
 * this machine.
 */
async function connectServices(port?: number): Promise<(name: ServiceName) => Client> {
  const internalKey = process.env["INTERNAL_KEY"];
  const ports = internalKey === undefined ? (await findRunning(port)).ports : portsFrom(port ?? rememberedPort());
  const key = internalKey ?? readState("internal-key") ?? "";
  return (name) => createClient(`http://127.0.0.1:${ports[name]}`, key);
}

async function replay(service: ServiceName, client: Client, path: string): Promise<number> {
  await explainFaults(client.post(path));
  print(`${service} retries it. \`npx -y pnpm crossline parked\` shows the result.`);
  return 0;
}

async function list(service: ServiceName, client: Client): Promise<void> {
  const { parked } = await explainFaults(client.get<{ parked: ParkedCase[] }>("/internal/parked"));
  const { deadLetters } = await explainFaults(client.get<{ deadLetters: DeadLetter[] }>("/internal/dead-letters"));
  print(`${service}: ${parked.length} parked cases, ${deadLetters.length} dead letters`);
  const cases = parked.map(({ key, topic, sequence, attempts, reason }) => ({
    key,
    topic,
    sequence,
    attempts,
    reason,
  }));
  const letters = deadLetters.map(({ id, topic, partition, offset, reason }) => ({
    id,
    topic,
    partition,
    offset,
    reason,
  }));
  for (const rows of [cases, letters]) {
    const [first] = rows;
    if (first !== undefined) printTable([Object.fromEntries(Object.keys(first).map((name) => [name, name])), ...rows]);
  }
}

/**
 * Returns the response. Throws a CommandFault with one sentence if the service refuses the request or does not respond.
 */
async function explainFaults<Response>(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    if (cause instanceof ResponseFault) throw new CommandFault(cause.detail ?? cause.message, { cause });
    // fetch throws a TypeError if no program responds.
    if (cause instanceof TypeError)
      throw new CommandFault(
        "A service does not respond: read its log in .crossline/logs, or run `npx -y pnpm start`.",
        { cause },
      );
    throw cause;
  }
}
