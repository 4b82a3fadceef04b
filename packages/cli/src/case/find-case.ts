import type { PresentedCase } from "@crossline/contracts";
import type { Client } from "../client.ts";
import { NotFoundFault } from "../fault.ts";
import { queryOf } from "../pages.ts";

/** Reads a case by its id, or by the carrier's own number on the wall timeline. Throws a NotFoundFault for an unknown number. */
export async function findCase(client: Client, text: string): Promise<PresentedCase> {
  if (text.startsWith("cs_")) return client.get(`/v1/cases/${encodeURIComponent(text)}?include=nextDue`);
  const query = queryOf({ carrierCaseId: text, canary: "any", limit: 2 });
  const { items } = await client.get<{ items: readonly PresentedCase[] }>(`/v1/cases${query}`);
  const [found, another] = items;
  if (found === undefined) throw new NotFoundFault(`Your company reads no case with the number ${text}.`);
  if (another !== undefined)
    throw new NotFoundFault(`Several carriers have a case ${text}: name the case by its id, such as ${found.id}.`);
  return found;
}
