import { z } from "zod";
import { pagedPerson } from "./handoff.ts";
import { actor, partyId, queueName } from "./vocabulary.ts";

/**
 * The events that routing publishes on `crossline.roster.v1`, for the wall timeline only. The record key is the id of the ring
 * test.
 */
export const rosterEvents = {
  /** A ring test was started. Each person in `people` receives a test page, which belongs to no case. */
  "roster.ring-tested": z.object({
    actor,
    party: partyId,
    roster: queueName,
    version: z.int(),
    subject: z.object({ people: z.array(pagedPerson) }),
  }),
} as const;
