import type { Client } from "../client.ts";
import { connectServices } from "../internal-clients.ts";
import { printRows, print } from "../print.ts";
import { type ServiceName, serviceNames } from "../services.ts";

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

async function replay(service: ServiceName, client: Client, path: string): Promise<number> {
  await client.post(path);
  print(`${service} retries it. \`npx -y pnpm crossline parked\` shows the result.`);
  return 0;
}

async function list(service: ServiceName, client: Client): Promise<void> {
  const { parked } = await client.get<{ parked: ParkedCase[] }>("/internal/parked");
  const { deadLetters } = await client.get<{ deadLetters: DeadLetter[] }>("/internal/dead-letters");
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
  printRows(cases);
  printRows(letters);
}
