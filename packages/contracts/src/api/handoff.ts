import { z } from "zod";
import {
  brief,
  crossingMode,
  evidence,
  informationCode,
  rejectCode,
  returnCode,
  transferCode,
} from "../events/handoff.ts";
import { caseId, engineer, handoffId, partyId, queueName, severity, slug, timelineId } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { cursor, identifier, page, prose, sentInstant, several } from "./parts.ts";
import { sentEngineer, sentEvidence } from "./sent.ts";

const person = identifier(64).optional().meta({ description: "Your own id of the person who does it, no name" });
const token = z.int().min(1).meta({ description: "The fencing token that the claim gave" });
const note = prose(1000).optional();
const duration = z.string().meta({ description: "ISO 8601 duration" });

/** What a vendor's desk can filter by. A hand-off whose lease has run out counts as offered again, in every answer. */
export const openPhase = z.enum(["offered", "claimed", "info-requested", "accepted"]);
export const handoffPhase = z.enum([
  ...openPhase.options,
  "rejected",
  "lapsed",
  "withdrawn",
  "returned",
  "transferred",
  "resolved",
  "confirmed",
  "reopened",
]);

export const queueListQuery = z.strictObject({ timeline: timelineId.default("wall") });
export const queueList = z.object({
  items: z.array(
    z.object({
      queue: queueName,
      offered: z.int(),
      claimed: z.int(),
      accepted: z.int(),
      oldestOfferedAt: isoInstant.optional().meta({ description: "Of what is neither claimed nor accepted" }),
      open: z
        .object({ carriers: z.array(partyId).optional() })
        .optional()
        .meta({ description: "Whom you have opened it to: all carriers, where `carriers` is left out" }),
      lastReadAt: isoInstant
        .optional()
        .meta({ description: "When its hand-offs were last listed by REST; at most about a minute behind" }),
    }),
  ),
});

/** `PUT /v1/queues/{queue}` (vendor). */
export const openQueueRequest = z
  .strictObject({
    carriers: z
      .array(partyId)
      .max(200)
      .optional()
      .meta({ description: "The carriers that it is open to; left out: all of them" }),
  })
  .prefault({});
export const openQueue = z
  .object({ queue: queueName, carriers: z.array(partyId).optional() })
  .meta({ id: "OpenQueue" });
export const openQueueList = z.object({ items: z.array(z.object({ queue: queueName, vendor: partyId })) });

export const queueParams = z.strictObject({ queue: queueName });
export const queueHandoffParams = z.strictObject({ queue: queueName, id: handoffId });

export const queueHandoffsQuery = z.strictObject({
  state: several(openPhase).meta({
    description: "One of these; repeat the parameter for several. All open ones, if it is left out",
  }),
  severity: several(severity).meta({ description: "Of the case: one of these; repeat the parameter for several" }),
  sort: z.enum(["offered", "due"]).default("offered").meta({
    description: "`offered`: the oldest first. `due`: the earliest `acceptBy` first, then those that have none",
  }),
  timeline: timelineId.default("wall"),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: cursor.optional(),
});

/** A hand-off as the vendor's desk sees it. */
export const queueHandoff = z
  .object({
    handoffId,
    caseId,
    timeline: timelineId,
    queue: queueName,
    mode: crossingMode,
    phase: handoffPhase,
    offeredAt: isoInstant,
    age: duration.meta({ description: "Since it was offered until now, or until it was over; ISO 8601 duration" }),
    acceptBy: isoInstant.optional().meta({ description: "When it lapses, while nobody has accepted it" }),
    leaseUntil: isoInstant.optional(),
    endedAt: isoInstant.optional(),
    brief: brief
      .optional()
      .meta({ description: "As of now; there while it is open, or resolved and not yet confirmed" }),
  })
  .meta({ id: "QueueHandoff" });

export const queueHandoffPage = page(queueHandoff);

export const claimRequest = z.strictObject({ person }).optional();
export const claimAnswer = z.object({ handoffId, token, leaseUntil: isoInstant, brief });

export const renewRequest = z.strictObject({ person, token });
export const renewAnswer = z.object({ handoffId, token, leaseUntil: isoInstant });

export const releaseRequest = z.strictObject({ person, token });

export const acceptRequest = z.strictObject({
  person,
  token,
  engineer: sentEngineer,
  vendorCaseId: identifier(100),
  nextStep: prose(1000),
  eta: sentInstant,
  readBack: z.strictObject({
    problem: prose(1000),
    tried: prose(1000),
    needBy: sentInstant.optional(),
  }),
  dossierVersion: z.int().min(1).meta({ description: "`case.version` of the brief that the engineer has read" }),
});

export const rejectRequest = z.strictObject({ person, token, code: rejectCode, note });
export const resolveRequest = z.strictObject({
  person,
  token,
  fixCode: slug,
  rootCause: prose(1000).optional().meta({ description: "Needed where the case is joint" }),
  note,
});
export const requestInfoRequest = z.strictObject({
  person,
  token,
  code: informationCode,
  items: z.array(slug).max(20).default([]).meta({ description: "Names of facts, as the line requires them" }),
  question: prose(1000).optional(),
});
export const returnRequest = z.strictObject({
  person,
  token,
  code: returnCode,
  evidence: sentEvidence.optional().meta({ description: "Without it the return is refused with `evidence_needed`" }),
  note,
});
export const transferRequest = z.strictObject({
  person,
  token,
  code: transferCode,
  to: queueName,
  evidence: sentEvidence
    .optional()
    .meta({ description: "Needed where the case is passed back to a vendor that had it" }),
  note,
});

export const handoffAnswer = z.object({ handoffId, phase: handoffPhase, at: isoInstant });

export const caseParams = z.strictObject({ id: caseId });
export const caseHandoffParams = z.strictObject({ id: caseId, handoffId });
export const informationRequest = z.strictObject({
  person,
  answer: prose(4000),
  items: z
    .array(slug)
    .max(20)
    .optional()
    .meta({ description: "Of the items that were asked for, those that this gives; without it all of them" }),
});
export const jointPersonRequest = z.strictObject({
  person,
  engineer: sentEngineer,
  accountable: z.boolean().optional().meta({ description: "Your company answers for the case from now on" }),
});
export const jointSessionRequest = z.strictObject({ person, outcome: prose(4000) });
export const caseStepAnswer = z.object({ caseId, at: isoInstant });

export const takeRequest = z.strictObject({ person, engineer: sentEngineer });
export const takeAnswer = z.object({ caseId, at: isoInstant });

/** One crossing, as the companies of the case see it. */
const crossing = z.object({
  handoffId,
  vendor: partyId,
  queue: queueName,
  mode: crossingMode,
  step: z.int(),
  attempt: z.int(),
  reason: z.string().meta({ description: "Why it was offered" }),
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
      .meta({ description: "There while the last resort is called and nobody has taken the case" }),
    handoffs: z.array(crossing).meta({ description: "In the order in which they were offered; a vendor sees its own" }),
  })
  .meta({ id: "CaseHandoffs" });

export type OpenPhase = z.infer<typeof openPhase>;
export type HandoffPhase = z.infer<typeof handoffPhase>;
export type QueueHandoff = z.infer<typeof queueHandoff>;
export type CaseHandoffs = z.infer<typeof caseHandoffs>;

/** `GET /v1/reports/codes`: which codes each vendor sends cases back with, and how that compares with the others'. */
export const codeReport = z
  .object({
    items: z.array(
      z.object({
        vendor: partyId,
        what: z.enum(["rejected", "returned", "transferred"]),
        code: z.string(),
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
