import { z } from "zod";
import { brief } from "../events/handoff.ts";
import { missingSkill } from "../events/pool.ts";
import { assignmentId, caseId, crossingMode, slug, timelineId } from "../events/vocabulary.ts";
import { poolDocument } from "../pool.ts";
import { isoInstant } from "../time.ts";
import { actingPersonFields, cursor, identifier, resultPage, resultPageLimit } from "./parts.ts";

const person = identifier(64)
  .meta({ description: "Your own id of the person, which is not a name" })
  .register(actingPersonFields, { is: "person" });
const token = z.int().min(1).meta({ description: "The fencing token from the response to the claim" });

export const poolParams = z.strictObject({ name: slug });
export const assignmentParams = z.strictObject({ name: slug, id: assignmentId });

/** A pool of the caller. */
export const pool = z
  .object({ pool: slug, document: poolDocument, changedAt: isoInstant })
  .meta({ id: "Pool", description: "A named group of people of your company" });

export const poolListQuery = z.strictObject({ limit: resultPageLimit, cursor: cursor.optional() });
export const poolResultPage = resultPage(pool).meta({ id: "PoolPage" });

/** The reason for an assignment: a clock with its firing, or a trigger. */
const assignmentCause = z.object({
  clock: z.string().optional(),
  threshold: z.int().optional().meta({ description: "The share of the target in percent" }),
  dueAt: isoInstant.optional(),
  firedAt: isoInstant.optional(),
  trigger: z.string().optional(),
  missing: missingSkill.optional().meta({ description: "The person who lacks the skill for the device" }),
});

const assignmentFields = {
  assignmentId,
  pool: slug,
  mode: crossingMode,
  step: z.int(),
  attempt: z.int(),
  reason: z.string().meta({ description: "The reason for the assignment", examples: ["trigger"] }),
  cause: assignmentCause.optional(),
  assignedAt: isoInstant,
  acceptBy: isoInstant.optional().meta({ description: "The instant at which the assignment lapses without a claim" }),
  claimedAt: isoInstant.optional(),
  claimedBy: z.string().optional().meta({ description: "The person who claimed the assignment last" }),
};

/** An assignment of a case, open or ended, as the carrier reads it. */
export const caseAssignment = z
  .object({
    ...assignmentFields,
    phase: z.enum(["assigned", "claimed", "released", "lapsed"]),
    endedAt: isoInstant.optional(),
    endedReason: z
      .string()
      .optional()
      .meta({ description: "The reason of a release", examples: ["by-person"] }),
  })
  .meta({ id: "CaseAssignment" });

export const assignmentsQuery = z.strictObject({
  timeline: timelineId.default("wall"),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: cursor.optional(),
});

/** An open assignment in the list of its pool. */
export const poolAssignment = z
  .object({
    ...assignmentFields,
    caseId,
    timeline: timelineId,
    phase: z.enum(["assigned", "claimed"]).meta({ description: "After the lease has expired: `assigned`" }),
    leaseUntil: isoInstant.optional(),
    age: z.string().meta({ description: "ISO 8601 duration from the assignment until now", examples: ["PT2M"] }),
    brief,
  })
  .meta({ id: "PoolAssignment" });
export const poolAssignmentPage = resultPage(poolAssignment).meta({ id: "PoolAssignmentPage" });

export const claimAssignmentRequest = z
  .strictObject({ person })
  .meta({ id: "ClaimAssignment", examples: [{ person: "rep-7" }] });
export const claimAssignmentResponse = z
  .object({ assignmentId, token, leaseUntil: isoInstant, brief })
  .meta({ id: "AssignmentClaimed" });

export const assignmentTokenRequest = z
  .strictObject({ person: person.optional(), token })
  .meta({ id: "AssignmentToken", examples: [{ person: "rep-7", token: 1 }] });
export const renewAssignmentResponse = z
  .object({ assignmentId, token, leaseUntil: isoInstant })
  .meta({ id: "AssignmentRenewed" });
export const releaseAssignmentResponse = z.object({ assignmentId, at: isoInstant }).meta({ id: "AssignmentReleased" });

/** `GET /v1/skills/{person}/missing`: the cases that left because the person lacked a skill. */
export const leftCase = z
  .object({
    caseId,
    timeline: timelineId,
    at: isoInstant,
    level: z.int().meta({ description: "The level that the line required" }),
    to: z.string().meta({ description: "The pool or the queue to which the case went", examples: ["pool:ios"] }),
  })
  .meta({ id: "LeftCase" });
export const leftCasePage = resultPage(leftCase).meta({ id: "LeftCasePage" });
