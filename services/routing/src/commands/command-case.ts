import { formatInstant } from "@crossline/contracts";
import type { IdempotentOutcome } from "@crossline/idempotency";
import type { Caller } from "@crossline/service";
import { type CommandRequest, type CaseCommand, type CommandDeps, changeCase } from "./change-case.ts";
import { findVisibleCase, noSuchCase } from "./take-case.ts";

/**
 * Runs a company's command on a case that the company can read. `decide` refuses if the company's role does not allow the
 * command.
 */
export async function runCaseCommand(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  { caseId, caller }: { readonly caseId: string; readonly caller: Pick<Caller, "party" | "kind"> },
  decide: CaseCommand<unknown>["decide"],
): Promise<IdempotentOutcome<{ caseId: string; at: string }>> {
  const visibleCase = await findVisibleCase(deps.database, caseId, caller);
  if (visibleCase === undefined) return noSuchCase;
  return changeCase(deps, commandRequest, visibleCase.state, {
    decide,
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
