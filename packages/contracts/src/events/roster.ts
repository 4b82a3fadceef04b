import { z } from "zod";
import { pagedPerson } from "./handoff.ts";
import { actor, partyId, queueName } from "./vocabulary.ts";

/** The events of `crossline.roster.v1`, which routing publishes on the wall timeline only. The key is the ring test. */
export const rosterEvents = {
  /** Each of these people gets a page that is marked as a test. It belongs to no case. */
  "roster.ring-tested": z.object({
    actor,
    party: partyId,
    roster: queueName,
    version: z.int(),
    subject: z.object({ people: z.array(pagedPerson) }),
  }),
} as const;
