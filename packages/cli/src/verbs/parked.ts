import { type Client, ResponseFault, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";
import { readState } from "../keys.ts";
import { printTable, tell } from "../print.ts";
import { findRunning, rememberedPort } from "../running.ts";
import { type ServiceName, portsFrom, serviceNames } from "../services.ts";

type ParkedCase = { key: string; topic: string; sequence: number; attempts: number; reason: string };
type DeadLetter = { id: number; topic: string; partition: number; offset: number; reason: string };

/** `parked list`: prints the parked cases and dead letters of each running service. */
export async function listAllParked(port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  for (const name of serviceNames) await list(name, clientOf(name));
  return 0;
}

/** `parked replay SERVICE CASE`: asks the service to apply the parked records of a case again. */
export async function replayParked(service: ServiceName, caseId: string, port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  return replay(service, clientOf(service), `/internal/parked/${caseId}/replay`);
}

/** `parked replay-dead SERVICE ID`: asks the service to read a dead letter again. */
export async function replayDeadLetter(service: ServiceName, id: string, port?: number): Promise<number> {
  const clientOf = await connectServices(port);
  return replay(service, clientOf(service), `/internal/dead-letters/${id}/replay`);
}

/** This checkout's services, or with INTERNAL_KEY those of another Crossline on this machine. */
async function connectServices(port?: number): Promise<(name: ServiceName) => Client> {
  const given = process.env["INTERNAL_KEY"];
  const ports = given === undefined ? (await findRunning(port)).ports : portsFrom(port ?? rememberedPort());
  const key = given ?? readState("internal-key") ?? "";
  return (name) => createClient(`http://127.0.0.1:${ports[name]}`, key);
}

async function replay(service: ServiceName, client: Client, path: string): Promise<number> {
  await explainFaults(client.post(path));
  tell(`${service} tries it again; \`npx -y pnpm crossline parked\` shows whether that worked.`);
  return 0;
}

async function list(service: ServiceName, client: Client): Promise<void> {
  const { parked } = await explainFaults(client.get<{ parked: ParkedCase[] }>("/internal/parked"));
  const { deadLetters } = await explainFaults(client.get<{ deadLetters: DeadLetter[] }>("/internal/dead-letters"));
  tell(`${service}: ${parked.length} parked cases, ${deadLetters.length} dead letters`);
  const waiting = parked.map(({ key, topic, sequence, attempts, reason }) => ({
    key,
    topic,
    sequence,
    attempts,
    reason,
  }));
  const dead = deadLetters.map(({ id, topic, partition, offset, reason }) => ({
    id,
    topic,
    partition,
    offset,
    reason,
  }));
  for (const rows of [waiting, dead]) {
    const [first] = rows;
    if (first !== undefined) printTable([Object.fromEntries(Object.keys(first).map((name) => [name, name])), ...rows]);
  }
}

/** The answer, or a sentence for a refusal and for a service that does not answer. */
async function explainFaults<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof ResponseFault) throw new CommandFault(cause.detail ?? cause.message, { cause });
    // fetch throws a TypeError where nothing answers.
    if (cause instanceof TypeError)
      throw new CommandFault(
        "A service does not answer: read its log in .crossline/logs, or run `npx -y pnpm start`.",
        { cause },
      );
    throw cause;
  }
}
