import { type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import { type Caller, pollUntilFound, isNewId, isRefusal } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/cases.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { RouteDeps } from "./deps.ts";
import { type VisibleCase, visibleCaseOf } from "./read-case.ts";

/**
 * The path parameter with the id of a case. If the text is not a valid id, the request is still valid, and the text counts as the id of
 * an unknown case.
 */
export const caseParams = z.object({ id: z.string().meta({ description: "The case's id" }) });

const unknownCase = refusal("not_found", "You have no case with this id.");

/**
 * Returns a case as the caller reads it, or a refusal. A vendor can read an offer on its queue a moment before intake applies the
 * crossing. A vendor's requests therefore wait up to 2 s for a new case, and for a case that routing lets the vendor read. At most 16
 * requests of a vendor wait at a time. Unknown cases and cases of other companies get the same refusal after the same time.
 */
export async function findVisible(
  { database, services }: Pick<RouteDeps, "database" | "services">,
  id: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<VisibleCase | Refusal> {
  if (!caseIdForm.safeParse(id).success) return unknownCase;
  const read = async () => {
    const row = await findCase(database, id, party);
    return row && visibleCaseOf(row, party);
  };
  const isExpected = async () => kind === "vendor" && (isNewId(id) || (await services.isReader(id, party)));
  return (await pollUntilFound(party, read, isExpected)) ?? unknownCase;
}

/**
 * Returns a case for a read, or a refusal. If the case is on a stepped timeline, waits until the timeline is caught up. A response
 * header reports whether the timeline was caught up in time.
 */
export async function readVisible(
  deps: Pick<RouteDeps, "database" | "services" | "awaitEffects">,
  id: string,
  caller: Caller,
  reply: Parameters<typeof awaitEffectsBeforeRead>[3],
): Promise<VisibleCase | Refusal> {
  const found = await findVisible(deps, id, caller);
  if (isRefusal(found) || !(await awaitEffectsBeforeRead(deps, caller, found.state.timeline, reply))) return found;
  return findVisible(deps, id, caller);
}
