import { z } from "zod";
import { evidence } from "../events/handoff.ts";
import {
  caseId,
  crossingMode,
  engineer,
  handoffId,
  partyId,
  queueName,
  slug,
  timelineId,
} from "../events/vocabulary.ts";
import { missingSkill } from "../events/pool.ts";
import { isoInstant } from "../time.ts";
import { handoffPhase } from "./handoff.ts";
import { caseAssignment } from "./pool.ts";

/** One crossing, as the companies of the case read it. */
const crossing = z.object({
  handoffId,
  vendor: partyId,
  queue: queueName,
  mode: crossingMode,
  step: z.int(),
  attempt: z.int(),
  reason: z.string().meta({ description: "The reason for the offer", examples: ["clock"] }),
  cause: z
    .object({
      clock: z.string().optional(),
      threshold: z.int().optional().meta({ description: "The share of the target in percent" }),
      dueAt: isoInstant.optional(),
      firedAt: isoInstant.optional(),
      trigger: z.string().optional(),
      missing: missingSkill
        .optional()
        .meta({ description: "The person who lacks the skill for the device. Only the carrier reads it" }),
    })
    .optional()
    .meta({ description: "The firing or the trigger that caused the crossing" }),
  phase: handoffPhase,
  offeredAt: isoInstant,
  acceptBy: isoInstant.optional(),
  claimedAt: isoInstant.optional(),
  acceptedAt: isoInstant.optional(),
  endedAt: isoInstant
    .optional()
    .meta({ description: "The end of the hand-off: rejected, lapsed, withdrawn, returned, transferred or resolved" }),
  settledAt: isoInstant
    .optional()
    .meta({ description: "The instant at which the resolution was confirmed, or the case was reopened" }),
  acceptance: z
    .object({
      vendorCaseId: z.string(),
      nextStep: z.string(),
      eta: isoInstant,
      dossierVersion: z.int(),
      readBack: z.object({ problem: z.string(), tried: z.string(), needBy: isoInstant.optional() }),
      subject: z.object({ engineer }),
    })
    .optional(),
  ending: z
    .object({
      code: z.string().optional(),
      evidence: evidence.optional(),
      to: queueName.optional(),
      fixCode: slug.optional(),
      rootCause: z.string().optional(),
      reason: z.string().optional(),
      note: z.string().optional(),
    })
    .optional(),
});

export const caseHandoffs = z
  .object({
    caseId,
    timeline: timelineId,
    carrier: partyId,
    holder: partyId,
    timesByHolder: z
      .record(z.string(), z.int())
      .meta({ description: "The time for which each party has held the case, in milliseconds" }),
    returns: z.int().meta({ description: "How often vendors have returned the case" }),
    lastResort: z
      .object({ calls: z.int() })
      .optional()
      .meta({ description: "Present from the first call of the last resort until a person takes the case" }),
    assignments: z
      .array(caseAssignment)
      .optional()
      .meta({ description: "The assignments to pools in their order, if there are any. Only the carrier reads them" }),
    handoffs: z
      .array(crossing)
      .meta({ description: "The hand-offs in the order of their offers. A vendor reads only its own hand-offs" }),
  })
  .meta({ id: "CaseHandoffs" });

export type CaseHandoffs = z.infer<typeof caseHandoffs>;

/**
 * `GET /v1/reports/codes`: the codes that each vendor gave for rejections, returns and transfers, compared with those of the
 * other vendors.
 */
export const codeReport = z
  .object({
    items: z.array(
      z.object({
        vendor: partyId,
        what: z.enum(["rejected", "returned", "transferred"]),
        code: z.string().meta({ examples: ["not-our-fault"] }),
        count: z.int(),
        handoffs: z.int().meta({ description: "The number of this vendor's ended hand-offs" }),
        share: z.number().meta({ description: "The percentage of this vendor's ended hand-offs that have this code" }),
        peersShare: z.number().optional().meta({
          description:
            "The percentage of hand-offs with this code among the ended hand-offs of all other vendors. Absent if there are no other vendors",
        }),
        moreThanPeers: z.boolean(),
      }),
    ),
  })
  .meta({ id: "CodeReport" });

export type CodeReport = z.infer<typeof codeReport>;
