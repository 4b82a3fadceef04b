import { type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Caller, eventually } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/cases.ts";
import { type SeenCase, readBy } from "./read-case.ts";

/** The address of a case; what has not the form of an id is no case's. */
export const caseParams = z.object({ id: z.string().meta({ description: "The case's id" }) });

const unknown = refusal("not_found", "You have no case with this id.");

/**
 * A case as the caller reads it. A vendor may hear of a case on its queue a moment before it is read here that the case
 * crossed: so its requests wait up to 2 s, 16 at a time. Unknown and foreign cases give the same answer.
 */
export async function findVisible(
  database: Database,
  id: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<SeenCase | Refusal> {
  if (!caseIdForm.safeParse(id).success) return unknown;
  const look = async () => {
    const found = await findCase(database, id, party);
    return found && readBy(found, party);
  };
  return (await (kind === "vendor" ? eventually(party, look) : look())) ?? unknown;
}
