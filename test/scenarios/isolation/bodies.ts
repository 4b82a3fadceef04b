import { readerWithKey } from "./callers.ts";
import type { Company } from "./company.ts";
import { type CrawledAddresses, inParallel } from "./crawl.ts";
import { savedLater, notCompared } from "./observe.ts";

/** The bodies that companies read, by company and address. */
export type ReadBodies = ReadonlyMap<string, string>;

/** Reads every address that each company has read before (`known`), without the logs of the company's own requests. */
export async function readBodies(
  url: string,
  companies: readonly Pick<Company, "party" | "key">[],
  known: ReadonlyMap<string, CrawledAddresses>,
): Promise<ReadBodies> {
  const bodies = new Map<string, string>();
  for (const { party, key } of companies) {
    const reader = readerWithKey(url, key);
    const operations = [...(known.get(party) ?? [])].filter(([path]) => !notCompared.includes(path));
    const addresses = operations.flatMap(([, byAddress]) => [...byAddress.keys()]);
    await inParallel(addresses, async (address) => {
      const { status, body } = await reader(address);
      bodies.set(`${party} ${address}`, `${status} ${body.replaceAll(savedLater, "")}`);
    });
  }
  return bodies;
}

/** Returns the places whose bodies are not the same, in order. */
export function changedPlaces(before: ReadBodies, after: ReadBodies): readonly string[] {
  return [...before]
    .filter(([place, body]) => after.get(place) !== body)
    .map(([place]) => place)
    .toSorted();
}
