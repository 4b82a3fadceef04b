import { type TriedStep, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";

/** What was tried before: the entry that says so. */
export type LedgerEntry = {
  readonly entryId: string;
  readonly caseId: string;
  readonly party: string;
  readonly person?: string | undefined;
  readonly at: string;
  readonly outcome: TriedStep["outcome"];
};

/**
 * The key of a step in the ledger: the same step with the same parameters has the same one, whatever came of it. Whether
 * it was tried on the same device is for the caller to know: a device is a case's own, or told by its identities.
 */
export function stepKey({ name, parameters }: Pick<TriedStep, "name" | "parameters">): string {
  return sha256(canonicalJson([name, parameters]));
}
