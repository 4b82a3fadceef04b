import { type Engineer, type Refusal, formatInstant, refusal } from "@crossline/contracts";
import { type CaseCrossing, take, wasPaged } from "@crossline/domain";
import type { Outcome } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { findCase } from "../store/case-crossings.ts";
import { hasCrossedTo } from "../store/handoffs.ts";
import { type Asked, type Desk, actorOf, changeCase } from "./change-case.ts";
import { eventually } from "./eventually.ts";

export const noSuchCase: Refusal = refusal("not_found", "There is no case with this id, or it is not yours to see.");

/** The case, where the caller may see it: its carrier, a vendor that it has crossed to, the operator. */
export function findVisibleCase(
  database: Database,
  caseId: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<CaseCrossing | undefined> {
  return eventually(async () => {
    const state = await findCase(database, caseId);
    if (state === undefined || kind === "operator" || state.carrier === party) return state;
    return (await hasCrossedTo(database, caseId, party)) ? state : undefined;
  });
}

/** The case, where the caller may see it, or people of the caller's were paged for it: they may take what they cannot read. */
function findTakeableCase(
  database: Database,
  caseId: string,
  { party }: Pick<Caller, "party">,
): Promise<CaseCrossing | undefined> {
  return eventually(async () => {
    const state = await findCase(database, caseId);
    if (state === undefined || state.carrier === party || wasPaged(state, party)) return state;
    return (await hasCrossedTo(database, caseId, party)) ? state : undefined;
  });
}

/** A person takes a case that the last resort is called for, or that a roster is paged for. */
export async function takeCase(
  desk: Desk,
  asked: Asked,
  caller: Pick<Caller, "party" | "kind">,
  caseId: string,
  engineer: Engineer,
): Promise<Outcome<{ caseId: string; at: string }>> {
  const found = await findTakeableCase(desk.database, caseId, caller);
  if (found === undefined) return noSuchCase;
  return changeCase(desk, asked, found, {
    decide: (before, _line, at) => take(before, engineer, actorOf(asked), at),
    answer: ({ at }) => ({ caseId, at: formatInstant(at) }),
  });
}
