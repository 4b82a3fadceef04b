import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/cases.ts";
import { type SeenCase, readBy } from "./read-case.ts";

/** The address of a case; what has not the form of an id is no case's. */
export const caseParams = z.object({ id: z.string().meta({ description: "The case's id" }) });

const unknown = refusal("not_found", "You have no case with this id.");
const patienceMs = 2_000;
const lookAgainMs = 25;
const waitingMax = 50;
/** How many requests of each vendor wait: each of them costs 40 looks a second. */
const waiting = new Map<string, number>();

/**
 * A case as the caller reads it. A vendor may hear of a case on its queue a moment before it is read here that the case
 * crossed: so its requests wait up to 2 s, 50 at a time. Unknown and foreign cases are the same to everybody.
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
  let found = await look();
  const others = waiting.get(party) ?? 0;
  if (found !== undefined || kind !== "vendor" || others >= waitingMax) return found ?? unknown;
  waiting.set(party, others + 1);
  try {
    for (const deadline = performance.now() + patienceMs; found === undefined && performance.now() < deadline;) {
      await delay(lookAgainMs);
      found = await look();
    }
    return found ?? unknown;
  } finally {
    waiting.set(party, (waiting.get(party) ?? 1) - 1);
  }
}
