import { type Instant, type Refusal, isRefusal } from "@crossline/contracts";
import type { IssuerRow } from "../store/issuers.ts";
import { type OpenIssuer, discoverIssuer, keepMetadataMs } from "./discover.ts";

/** The issuers whose metadata this process knows. */
export type Issuers = { open(row: IssuerRow): Promise<OpenIssuer | Refusal> };

type IssuerEntry = { readonly changedAt: Instant; readonly opening: Promise<OpenIssuer | Refusal>; until: number };

/** An issuer that is down is asked again after this time, so that its waiting requests do not occupy all places of intake. */
const askAgainMs = 5_000;
const issuersMax = 1_000;

/** Keeps the metadata of each issuer for ten minutes. Requests at the same time share one request to the issuer. */
export function createIssuers(internalKey: string): Issuers {
  const known = new Map<string, IssuerEntry>();
  return {
    async open(row) {
      const found = known.get(row.party);
      if (found !== undefined && found.changedAt === row.changedAt && performance.now() < found.until)
        return found.opening;
      const opening = discoverIssuer(row, internalKey);
      const entry = { changedAt: row.changedAt, opening, until: performance.now() + keepMetadataMs };
      known.delete(row.party);
      known.set(row.party, entry);
      if (known.size > issuersMax) known.delete([...known.keys()][0] ?? "");
      const forgetSoon = (): void => void (entry.until = performance.now() + askAgainMs);
      opening.then((result) => isRefusal(result) && forgetSoon(), forgetSoon);
      return opening;
    },
  };
}
