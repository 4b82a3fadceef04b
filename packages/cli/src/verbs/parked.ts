import { parseArgs } from "node:util";
import { AnswerFault, createClient } from "../client.ts";
import { CommandFault, exitWithFault } from "../fault.ts";
import { readKept } from "../keys.ts";
import { printTable, tell } from "../print.ts";
import { portsFrom, serviceNames } from "../services.ts";

const usage = `Usage: npx -y pnpm parked [list]
       npx -y pnpm parked replay SERVICE CASE
       npx -y pnpm parked replay-dead SERVICE ID
Options: --port 7300, where the running platform's ports begin; INTERNAL_KEY, where it is not this checkout's`;

type Parked = { key: string; topic: string; sequence: number; attempts: number; reason: string };
type DeadLetter = { id: number; topic: string; partition: number; offset: number; reason: string };

/** Lists what the running services could not apply or read, and has it tried again once the cause is mended. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "7300" } },
  });
  const [verb = "list", service, name] = positionals;
  const key = process.env["INTERNAL_KEY"] ?? readKept("internal-key");
  if (key === undefined)
    throw new CommandFault(
      "Nothing has been started from this checkout yet; set INTERNAL_KEY for a platform elsewhere.",
    );
  const ports = portsFrom(Number(values.port));
  const clientOf = (of: keyof typeof ports) => createClient(`http://127.0.0.1:${ports[of]}`, key);
  if (verb === "list") {
    for (const of of serviceNames) await list(of, clientOf(of));
    return;
  }
  const known = serviceNames.find((of) => of === service);
  if (known === undefined || name === undefined || (verb !== "replay" && verb !== "replay-dead"))
    throw new CommandFault(usage);
  const path = verb === "replay" ? `/internal/parked/${name}/replay` : `/internal/dead-letters/${name}/replay`;
  await clientOf(known).post(path);
  tell(`${known} tries it again; \`npx -y pnpm parked\` shows whether it worked.`);
}

async function list(of: string, client: ReturnType<typeof createClient>): Promise<void> {
  const { parked } = await client.get<{ parked: Parked[] }>("/internal/parked");
  const { deadLetters } = await client.get<{ deadLetters: DeadLetter[] }>("/internal/dead-letters");
  tell(`${of}: ${parked.length} parked cases, ${deadLetters.length} dead letters`);
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

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isUnreachable = error instanceof TypeError;
    if (isUnreachable)
      return exitWithFault(new CommandFault("The services do not answer: start them with `npx -y pnpm start`."));
    return exitWithFault(error instanceof AnswerFault ? new CommandFault(error.message) : error);
  },
);
