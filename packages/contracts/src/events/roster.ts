import { z } from "zod";
import { pagedPerson } from "./handoff.ts";
import { actor, partyId, queueName } from "./vocabulary.ts";

/** The facts of `crossline.roster.v1`, keyed by ring test, published by routing. On the wall only. */
export const rosterEvents = {
  /** Each of these people gets a page that is marked as a test. It is of no case. */
  "roster.ring-tested": z.object({
    actor,
    party: partyId,
    roster: queueName,
    version: z.int(),
    subject: z.object({ people: z.array(pagedPerson) }),
  }),
} as const;
