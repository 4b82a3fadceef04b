import { type Engineer, type Instant, type Refusal, formatInstant, refusal } from "@crossline/contracts";
import { type CaseCrossing, readingOf, accessOf, takeByPerson, wasPaged } from "@crossline/domain";
import type { IdempotentOutcome } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { type Caller, pollUntilFound, isNewId } from "@crossline/service";
import { findCase } from "../store/case-crossings.ts";
import { type CommandRequest, type CommandDeps, actorOf, changeCase } from "./change-case.ts";

export const noSuchCase: Refusal = refusal("not_found", "There is no case with this id, or you cannot read it.");

/**
 * A case as the caller reads it. `endedAt` is the instant at which the caller's last part in the case ended; `state` is then the
 * state at that instant.
 */
export type VisibleCase = { readonly state: CaseCrossing; readonly endedAt?: Instant };

/**
 * Finds a case as the caller reads it. The operator reads every case without restriction. The function waits only for a new case,
 * which routing may not have read yet. The function does not wait for case access, because routing itself decides the case
 * access.
 */
export function findVisibleCase(
  database: Database,
  caseId: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<VisibleCase | undefined> {
  const find = async () => {
    const row = await findCase(database, caseId, party);
    if (row === undefined || kind === "operator") return row;
    const { state, asOf } = row;
    const access = accessOf(readingOf(state), party);
    if (access === "whole") return { state };
    return access === "nothing" || asOf === null ? undefined : { state: asOf.state, endedAt: asOf.at };
  };
  return pollUntilFound(party, find, () => isNewId(caseId));
}

/**
 * Finds a case that the caller may take, because the caller's company reads the case or the company's people were paged for it.
 */
function findTakeableCase(database: Database, caseId: string, party: string): Promise<CaseCrossing | undefined> {
  const find = async () => {
    const { state } = (await findCase(database, caseId, party)) ?? {};
    if (state === undefined || wasPaged(state, party)) return state;
    return accessOf(readingOf(state), party) === "nothing" ? undefined : state;
  };
  return pollUntilFound(party, find, () => isNewId(caseId));
}

/** Takes a case for a person whom a line step or the last resort paged. */
export async function takeCase(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  caseId: string,
  engineer: Engineer,
): Promise<IdempotentOutcome<{ caseId: string; at: string }>> {
  const row = await findTakeableCase(deps.database, caseId, commandRequest.party);
  if (row === undefined) return noSuchCase;
  return changeCase(deps, commandRequest, row, {
    decide: (before, crossing, at) => takeByPerson(before, { engineer, actor: actorOf(commandRequest) }, crossing, at),
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
