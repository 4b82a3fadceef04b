import { z } from "zod";
import { crossingMode, evidence } from "../events/handoff.ts";
import { caseId, engineer, handoffId, partyId, queueName, slug, timelineId } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { handoffPhase } from "./handoff.ts";

/** One crossing, as the companies of the case see it. */
const crossing = z.object({
  handoffId,
  vendor: partyId,
  queue: queueName,
  mode: crossingMode,
  step: z.int(),
  attempt: z.int(),
  reason: z.string().meta({ description: "Why it was offered", examples: ["clock"] }),
  cause: z
    .object({
      clock: z.string().optional(),
      threshold: z.int().optional().meta({ description: "In % of its target" }),
      dueAt: isoInstant.optional(),
      firedAt: isoInstant.optional(),
      trigger: z.string().optional(),
    })
    .optional()
    .meta({ description: "The firing of a clock, or the trigger, that made it cross" }),
  phase: handoffPhase,
  offeredAt: isoInstant,
  acceptBy: isoInstant.optional(),
  claimedAt: isoInstant.optional(),
  acceptedAt: isoInstant.optional(),
  endedAt: isoInstant.optional().meta({ description: "Rejected, lapsed, withdrawn or resolved" }),
  settledAt: isoInstant.optional().meta({ description: "Confirmed or reopened" }),
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
      .meta({ description: "Milliseconds that each party has held the case" }),
    returns: z.int().meta({ description: "How often it was sent back" }),
    lastResort: z
      .object({ calls: z.int() })
      .optional()
      .meta({ description: "Present from the first call of the last resort until a person takes the case" }),
    handoffs: z.array(crossing).meta({ description: "In the order in which they were offered; a vendor sees its own" }),
  })
  .meta({ id: "CaseHandoffs" });

export type CaseHandoffs = z.infer<typeof caseHandoffs>;

/** `GET /v1/reports/codes`: which codes each vendor sends cases back with, and how that compares with the others'. */
export const codeReport = z
  .object({
    items: z.array(
      z.object({
        vendor: partyId,
        what: z.enum(["rejected", "returned", "transferred"]),
        code: z.string().meta({ examples: ["not-our-fault"] }),
        count: z.int(),
        handoffs: z.int().meta({ description: "Hand-offs of this vendor that are over" }),
        share: z.number().meta({ description: "Of them, those with this code; in percent" }),
        peersShare: z
          .number()
          .optional()
          .meta({ description: "The same of all the other vendors together; without them nothing can be compared" }),
        moreThanPeers: z.boolean(),
      }),
    ),
  })
  .meta({ id: "CodeReport" });
