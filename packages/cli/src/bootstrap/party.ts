import { type Client, ResponseFault, createClient } from "../client.ts";
import { createUnlessThere } from "../create-unless-there.ts";
import { readEnvFile, writeEnvFile } from "../env-file.ts";
import { CommandFault } from "../fault.ts";
import { retryWhileRefused } from "../stories/prepare.ts";

/** A part of the installation, and whether this run made it. */
export type Step = { readonly what: string; readonly made: boolean };

/** The run of `bootstrap`: the operator, the file of the keys, and the report of each step. */
export type BootstrapRun = {
  readonly url: string;
  readonly operator: Client;
  readonly envFile: string;
  readonly force: boolean;
  readonly report: (step: Step) => void;
};

type Company = { readonly party: string; readonly kind: "carrier" | "vendor"; readonly variable: string };

/**
 * Registers a company and ensures that the file has a valid key of it. Saves a new key at once, so that an interruption
 * loses no key. Returns the client of the company.
 */
export async function ensureCompany(run: BootstrapRun, { party, kind, variable }: Company): Promise<Client> {
  const { operator, report, url } = run;
  const isNew = await createUnlessThere(operator.post("/v1/parties", { party, kind, name: party }));
  if (!isNew && (await operator.get<{ kind: string }>(`/v1/parties/${party}`)).kind !== kind)
    throw new CommandFault(`${party} exists, but it is no ${kind}: choose another name.`);
  report({ what: `${kind} ${party}`, made: isNew });
  const saved = readEnvFile(run.envFile)[variable];
  const kept = saved === undefined ? undefined : createClient(url, saved);
  if (kept !== undefined && (await isKeyOf(kept, party, kind))) {
    report({ what: `key of ${party} (${variable})`, made: false });
    return kept;
  }
  if (kept !== undefined && !run.force)
    throw new CommandFault(
      `${variable} in ${run.envFile} is no valid key of the ${kind} ${party}: --force replaces it with a new key.`,
    );
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`, { label: "crossline bootstrap" });
  writeEnvFile(run.envFile, { [variable]: key });
  report({ what: `key of ${party} (${variable})`, made: true });
  const client = createClient(url, key);
  // Intake publishes a key, and routing reads it a moment later.
  await retryWhileRefused(() => client.get(kind === "carrier" ? "/v1/lines/default" : "/v1/queues"));
  return client;
}

async function isKeyOf(client: Client, party: string, kind: string): Promise<boolean> {
  try {
    return (await client.get<{ kind: string }>(`/v1/parties/${party}`)).kind === kind;
  } catch (error) {
    if (error instanceof ResponseFault && error.status < 500) return false;
    throw error;
  }
}
