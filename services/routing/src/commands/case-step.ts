import { formatInstant } from "@crossline/contracts";
import { partEnded } from "@crossline/domain";
import type { Outcome } from "@crossline/idempotency";
import type { Caller } from "@crossline/service";
import { type Asked, type Change, type Desk, changeCase } from "./change-case.ts";
import { findVisibleCase, hasPart, noSuchCase } from "./take-case.ts";

/** Does what a company of the case asks of it, where it has a part in the case. */
export async function stepCase(
  desk: Desk,
  asked: Asked,
  caller: Pick<Caller, "party" | "kind">,
  caseId: string,
  decide: Change<unknown>["decide"],
): Promise<Outcome<{ caseId: string; at: string }>> {
  const found = await findVisibleCase(desk.database, caseId, caller);
  if (found === undefined) return noSuchCase;
  return changeCase(desk, asked, found.state, {
    decide: (before, ...around) => (hasPart(before, caller) ? decide(before, ...around) : { refused: partEnded }),
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
