import { ResponseFault, type Client, createClient } from "../client.ts";
import { createUnlessThere } from "../create-unless-there.ts";
import { saveState, readState } from "../keys.ts";
import { openQueues } from "../open-queues.ts";
import type { LineDocument } from "@crossline/contracts";

export type Demo = { readonly northtel: Client; readonly orchard: Client; readonly operator: Client };

const parties = [
  { party: "northtel", kind: "carrier", name: "Northtel (a carrier, Toronto)" },
  { party: "orchard", kind: "vendor", name: "Orchard (a handheld vendor, Waterloo)" },
] as const;

/**
 * Registers the demo's carrier and vendor, each with a key, opens the vendor's queues and publishes the carrier's
 * lines. The next start uses the same keys. Each key is saved as a header in a file that only its owner can read, for
 * `curl -H @file`.
 */
export async function ensureDemo(url: string, operatorKey: string, lines: readonly LineDocument[]): Promise<Demo> {
  const operator = createClient(url, operatorKey);
  saveState("operator.header", `Authorization: Bearer ${operatorKey}`);
  const clients: Record<string, Client> = {};
  for (const party of parties) clients[party.party] = await ensureParty(url, operator, party);
  const [northtel, orchard] = [clients["northtel"], clients["orchard"]] as [Client, Client];
  await openQueues(orchard, "orchard", lines);
  for (const line of lines) await createUnlessThere(northtel.post("/v1/lines", line));
  await northtel.put("/v1/lines/default", { name: lines[0]?.line });
  return { northtel, orchard, operator };
}

/** Returns the client of a party with a saved key. Registers the party and creates its key if they do not exist yet. */
export async function ensureParty(
  url: string,
  operator: Client,
  { party, kind, name }: { readonly party: string; readonly kind: "carrier" | "vendor"; readonly name: string },
): Promise<Client> {
  await createUnlessThere(operator.post("/v1/parties", { party, kind, name }));
  return (await knownClient(url, party)) ?? (await newClient(url, operator, party));
}

async function knownClient(url: string, party: string): Promise<Client | undefined> {
  const key = readState(`${party}.header`)?.replace(/^Authorization: Bearer /, "");
  if (key === undefined) return undefined;
  const client = createClient(url, key);
  try {
    await client.get("/v1/cases?limit=1");
    return client;
  } catch (error) {
    // The saved key belongs to the database of an earlier start.
    if (error instanceof ResponseFault && error.status === 401) return undefined;
    throw error;
  }
}

async function newClient(url: string, operator: Client, party: string): Promise<Client> {
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
  saveState(`${party}.header`, `Authorization: Bearer ${key}`);
  return createClient(url, key);
}
