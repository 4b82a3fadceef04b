import { type Refusal, refusal } from "@crossline/contracts";
import type { Caller } from "@crossline/service";

/** Returns whether a caller may read and manage a party: the company itself, and the operator. */
export function isOwn(caller: Caller, party: string): boolean {
  return caller.kind === "operator" || caller.party === party;
}

/** Returns the refusal for a party that does not exist, or that belongs to another company. */
export function noSuchParty(party: string): Refusal {
  return refusal("not_found", `No party has the name ${party}, or you cannot read it.`);
}
