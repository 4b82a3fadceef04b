import { formatInstant } from "@crossline/contracts";
import type { Outcome } from "@crossline/idempotency";
import type { Caller } from "@crossline/service";
import { type Asked, type Change, type Desk, changeCase } from "./change-case.ts";
import { findVisibleCase, noSuchCase } from "./take-case.ts";

/** Does what a company asks of a case that it reads. The rule says whether its part allows that. */
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
    decide,
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
