import { type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import { type Caller, pollUntilFound, isNewId, isRefusal } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/cases.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import type { RouteDeps } from "./deps.ts";
import { type VisibleCase, visibleCaseOf } from "./read-case.ts";

/** The address of a case; what has not the form of an id is no case's. */
export const caseParams = z.object({ id: z.string().meta({ description: "The case's id" }) });

const unknownCase = refusal("not_found", "You have no case with this id.");

/**
 * A case as the caller reads it. A vendor may hear of a case on its queue a moment before it is read here that the case
 * crossed: so its requests wait up to 2 s, 16 at a time, for a new case, and for one that routing says is the vendor's to read.
 * Unknown and foreign cases give the same answer after the same time.
 */
export async function findVisible(
  { database, services }: Pick<RouteDeps, "database" | "services">,
  id: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<VisibleCase | Refusal> {
  if (!caseIdForm.safeParse(id).success) return unknownCase;
  const look = async () => {
    const found = await findCase(database, id, party);
    return found && visibleCaseOf(found, party);
  };
  const mayCome = async () => kind === "vendor" && (isNewId(id) || (await services.isReader(id, party)));
  return (await pollUntilFound(party, look, mayCome)) ?? unknownCase;
}

/** The same for a read: on a stepped timeline as it is when that has come to rest, which the answer says. */
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
