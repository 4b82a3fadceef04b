import { type TriedStep, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";

/** An element of the tried-step ledger. The element describes the entry that recorded the tried step. */
export type LedgerEntry = {
  readonly entryId: string;
  readonly caseId: string;
  readonly party: string;
  readonly person?: string | undefined;
  readonly at: string;
  readonly outcome: TriedStep["outcome"];
};

/**
 * Returns the ledger key of a step. The same step with the same parameters has the same key, whatever its outcome is. The key
 * does not contain the device, so the caller compares the devices by case or by identity.
 */
export function stepKey({ name, parameters }: Pick<TriedStep, "name" | "parameters">): string {
  return sha256(canonicalJson([name, parameters]));
}
