import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { z } from "zod";
import { maySee } from "../commands/execute.ts";
import { type FoundCase, findCase } from "../store/cases.ts";

/** The address of a case; what has not the form of an id is no case's. */
export const caseParams = z.object({ id: z.string().meta({ description: "The case's id" }) });

const patienceMs = 2_000;
const lookAgainMs = 25;

/**
 * A case that the caller may see. A vendor may hear of a case on its queue a moment before it is read here that the case
 * crossed: so its requests wait up to 2 s. Unknown and foreign cases are the same to everybody.
 */
export async function findVisible(
  database: Database,
  id: string,
  { party, kind }: Pick<Caller, "party" | "kind">,
): Promise<FoundCase | Refusal> {
  const isId = caseIdForm.safeParse(id).success;
  const deadline = performance.now() + (isId && kind === "vendor" ? patienceMs : 0);
  for (;;) {
    const found = isId ? await findCase(database, id) : undefined;
    if (found !== undefined && maySee(found, party)) return found;
    if (performance.now() >= deadline) return refusal("not_found", "You have no case with this id.");
    await delay(lookAgainMs);
  }
}
