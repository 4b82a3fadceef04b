import { createClient, isAccepted } from "./client.ts";
import { secretsOf } from "./connection.ts";

const pageLimit = 100;

/** A company of an installation. */
export type ListedParty = { readonly party: string; readonly kind: string };

type PartyPage = { readonly items: readonly ListedParty[]; readonly next?: string };

/**
 * Returns the companies that the Crossline at this address knows. Returns undefined if it does not respond, or if it accepts none of
 * the known keys of the operator.
 */
export async function readParties(url: string): Promise<ListedParty[] | undefined> {
  for (const key of secretsOf("OPERATOR_KEY")) {
    const operator = createClient(url, key);
    try {
      if (!(await isAccepted(operator.get("/v1/parties?limit=1")))) continue;
      const parties: ListedParty[] = [];
      for (let after: string | undefined = ""; after !== undefined;) {
        const cursor: string = after === "" ? "" : `&cursor=${after}`;
        const page: PartyPage = await operator.get(`/v1/parties?limit=${pageLimit}${cursor}`);
        parties.push(...page.items);
        after = page.next;
      }
      return parties;
    } catch {
      return undefined; // No Crossline responds there, or another program does.
    }
  }
  return undefined;
}
