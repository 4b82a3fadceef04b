import { formatInstant } from "@crossline/contracts";
import type { IdempotentOutcome } from "@crossline/idempotency";
import type { Caller } from "@crossline/service";
import { type Asked, type Change, type CommandDeps, changeCase } from "./change-case.ts";
import { findVisibleCase, noSuchCase } from "./take-case.ts";

/** Does what a company asks of a case that it reads. The rule says whether its part allows that. */
export async function stepCase(
  deps: CommandDeps,
  asked: Asked,
  { caseId, caller }: { readonly caseId: string; readonly caller: Pick<Caller, "party" | "kind"> },
  decide: Change<unknown>["decide"],
): Promise<IdempotentOutcome<{ caseId: string; at: string }>> {
  const found = await findVisibleCase(deps.database, caseId, caller);
  if (found === undefined) return noSuchCase;
  return changeCase(deps, asked, found.state, {
    decide,
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
