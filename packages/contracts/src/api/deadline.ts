import { z } from "zod";
import { clockKind } from "../events/clock.ts";
import { caseId, instant, partyId, timelineId } from "../events/vocabulary.ts";

/** The next deadline of a case: the earliest breach of its running clocks. */
export const nextDue = z
  .object({
    clock: z.string(),
    kind: clockKind,
    dueAt: instant.meta({ description: "The deadline on the case's timeline, if no event changes it" }),
    charged: partyId.meta({ description: "The party that owes the obligation" }),
  })
  .meta({ id: "NextDue" });

const reader = { party: partyId, kind: z.enum(["carrier", "vendor"]) };

/**
 * `POST /internal/deadlines` of the timer: returns the next deadline of each case in `caseIds`. The response leaves out cases
 * that the company may not read in their present state.
 */
export const deadlinesRequest = z.strictObject({ party: partyId, caseIds: z.array(caseId).max(100) });
export const deadlines = z.object({ items: z.array(z.object({ caseId, nextDue })) });

/** The place in the list of deadlines at which a result page ends. `at` is in milliseconds since 1970. */
const deadlineCursor = z.object({ at: z.int(), caseId });

/**
 * `POST /internal/deadlines/page` of the timer: returns the cases that a company may read in their present state. The cases are
 * sorted by their next deadlines.
 */
export const deadlineResultPageRequest = z.strictObject({
  ...reader,
  timeline: timelineId,
  after: deadlineCursor.optional(),
  limit: z.int().min(1).max(500),
});
export const deadlineResultPage = z.object({ items: z.array(deadlineCursor.extend({ nextDue: nextDue.optional() })) });

export type NextDue = z.infer<typeof nextDue>;
export type DeadlineCursor = z.infer<typeof deadlineCursor>;
export type DeadlineResultPageRequest = z.infer<typeof deadlineResultPageRequest>;
export type DeadlineResultPage = z.infer<typeof deadlineResultPage>;
