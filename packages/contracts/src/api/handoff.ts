import { z } from "zod";
import { informationCode, rejectCode, returnCode, transferCode } from "../events/handoff-codes.ts";
import { brief } from "../events/handoff.ts";
import {
  caseId,
  crossingMode,
  handoffId,
  partyId,
  queueName,
  severity,
  slug,
  timelineId,
} from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { actingPersonFields, cursor, identifier, resultPage, prose, sentInstant, oneOrSeveral } from "./parts.ts";
import { sentEngineer, sentEvidence } from "./sent.ts";

const person = identifier(64)
  .optional()
  .meta({ description: "Your own id of the person, which is not a name" })
  .register(actingPersonFields, { is: "person" });
const token = z.int().min(1).meta({ description: "The fencing token from the response to the claim" });
const note = prose(1000).optional();
const duration = z.string().meta({ description: "ISO 8601 duration", examples: ["PT5M"] });

/**
 * The phases by which a vendor's desk can filter. If a lease has expired, every response shows the hand-off as offered again.
 */
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
export const queueList = z
  .object({
    items: z.array(
      z.object({
        queue: queueName,
        offered: z.int(),
        claimed: z.int(),
        accepted: z.int(),
        oldestOfferedAt: isoInstant
          .optional()
          .meta({ description: "The oldest offer that is neither claimed nor accepted" }),
        open: z
          .object({ carriers: z.array(partyId).optional() })
          .optional()
          .meta({
            description:
              "The carriers to which you have opened the queue. Without `carriers`, the queue is open to all carriers",
          }),
        lastReadAt: isoInstant.optional().meta({
          description:
            "The instant at which a desk last listed the hand-offs of this queue over REST, accurate to about a minute",
        }),
        acceptance: z
          .object({
            since: isoInstant,
            count: z.int(),
            medianMs: z
              .int()
              .optional()
              .meta({ description: "The median time from the offer to the acceptance. Absent without an acceptance" }),
          })
          .optional()
          .meta({ description: "For a carrier: the acceptances of its own hand-offs in the last 30 days" }),
      }),
    ),
  })
  .meta({
    id: "QueueList",
    description:
      "For a vendor: its queues. For a carrier: the queues that its lines name, with counts of its own hand-offs only",
  });

/** `PUT /v1/queues/{queue}` (vendor). */
export const openQueueRequest = z
  .strictObject({
    carriers: z
      .array(partyId)
      .max(200)
      .optional()
      .meta({ description: "The carriers to which the queue is open. Default: all carriers" }),
  })
  .prefault({})
  .meta({ id: "OpenQueueTo", examples: [{ carriers: ["northtel"] }] });
export const openQueue = z
  .object({ queue: queueName, carriers: z.array(partyId).optional() })
  .meta({ id: "OpenQueue" });
export const openQueueList = z
  .object({ items: z.array(z.object({ queue: queueName, vendor: partyId })) })
  .meta({ id: "OpenQueueList" });

export const queueParams = z.strictObject({ queue: queueName });
export const queueHandoffParams = z.strictObject({ queue: queueName, id: handoffId });

export const queueHandoffsQuery = z.strictObject({
  state: oneOrSeveral(openPhase).meta({
    description: "One or several phases; repeat the parameter for each phase. Default: all open hand-offs",
  }),
  severity: oneOrSeveral(severity).meta({
    description: "One or several severities of the case; repeat the parameter for each severity",
  }),
  sort: z.enum(["offered", "due"]).default("offered").meta({
    description:
      "`offered`: the oldest first. `due`: the earliest `acceptBy` first, then the hand-offs without `acceptBy`",
  }),
  timeline: timelineId.default("wall"),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: cursor.optional(),
});

/** A hand-off as the vendor's desk reads it. */
export const queueHandoff = z
  .object({
    handoffId,
    caseId,
    timeline: timelineId,
    queue: queueName,
    mode: crossingMode,
    phase: handoffPhase,
    offeredAt: isoInstant,
    age: duration.meta({ description: "ISO 8601 duration from the offer until now, or until the end of the hand-off" }),
    acceptBy: isoInstant
      .optional()
      .meta({ description: "The instant at which the offer lapses without an acceptance" }),
    leaseUntil: isoInstant.optional(),
    endedAt: isoInstant.optional(),
    brief: brief.optional().meta({
      description:
        "The brief as of now. Present while the hand-off is open, and from a resolution until the confirmation",
    }),
  })
  .meta({ id: "QueueHandoff" });

export const queueHandoffResultPage = resultPage(queueHandoff).meta({ id: "QueueHandoffPage" });

export const claimRequest = z
  .strictObject({ person })
  .meta({ id: "Claim", examples: [{ person: "desk-3" }] })
  .optional();
export const claimResponse = z.object({ handoffId, token, leaseUntil: isoInstant, brief }).meta({ id: "Claimed" });

export const renewRequest = z
  .strictObject({ person, token })
  .meta({ id: "Renew", examples: [{ person: "desk-3", token: 1 }] });
export const renewResponse = z.object({ handoffId, token, leaseUntil: isoInstant }).meta({ id: "Renewed" });

export const releaseRequest = z
  .strictObject({ person, token })
  .meta({ id: "Release", examples: [{ person: "desk-3", token: 1 }] });

const acceptExample = {
  person: "desk-3",
  token: 1,
  engineer: { name: "Ada Lovett", contact: "ada.lovett@orchard.example" },
  vendorCaseId: "OR-2210",
  nextStep: "Free the memory with the customer on the line",
  eta: "2026-03-07T14:30:00Z",
  readBack: { problem: "The handheld is out of memory", tried: "A restart, twice" },
  dossierVersion: 4,
};

export const acceptRequest = z
  .strictObject({
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
    dossierVersion: z.int().min(1).meta({ description: "The `case.version` of the brief that the engineer read" }),
  })
  .meta({ id: "Accept", examples: [acceptExample] });

export const rejectRequest = z.strictObject({ person, token, code: rejectCode, note }).meta({
  id: "Reject",
  examples: [{ person: "desk-3", token: 1, code: "not-our-device", note: "Another company makes this model." }],
});
export const resolveRequest = z
  .strictObject({
    person,
    token,
    fixCode: slug,
    rootCause: prose(1000).optional().meta({ description: "Required for a joint case" }),
    note,
  })
  .meta({ id: "Resolve", examples: [{ person: "desk-3", token: 1, fixCode: "memory-full" }] });
export const requestInfoRequest = z
  .strictObject({
    person,
    token,
    code: informationCode,
    items: z.array(slug).max(20).default([]).meta({ description: "The names of required items" }),
    question: prose(1000).optional(),
  })
  .meta({
    id: "RequestInformation",
    examples: [
      { token: 1, code: "missing-item", items: ["os-version"], question: "Which OS version does the handheld run?" },
    ],
  });
export const returnRequest = z
  .strictObject({
    person,
    token,
    code: returnCode,
    evidence: sentEvidence
      .optional()
      .meta({ description: "Required. Without evidence, the response is the problem `evidence_needed`" }),
    note,
  })
  .meta({
    id: "Return",
    examples: [
      {
        person: "desk-3",
        token: 1,
        code: "not-our-fault",
        evidence: {
          test: "A trace of the device's radio",
          result: "The network refused it",
          wouldChangeOurMind: "A trace in which the network accepts the device",
        },
      },
    ],
  });
export const transferRequest = z
  .strictObject({
    person,
    token,
    code: transferCode,
    to: queueName,
    evidence: sentEvidence
      .optional()
      .meta({ description: "Required for a transfer to a vendor that had accepted the case before" }),
    note,
  })
  .meta({ id: "Transfer", examples: [{ person: "desk-3", token: 1, code: "wrong-team", to: "orchard.broadband" }] });

export const handoffResponse = z
  .object({ handoffId, phase: handoffPhase, at: isoInstant })
  .meta({ id: "HandoffChanged" });

export const caseParams = z.strictObject({ id: caseId });
export const caseHandoffParams = z.strictObject({ id: caseId, handoffId });
export const informationRequest = z
  .strictObject({
    person,
    answer: prose(4000),
    items: z
      .array(slug)
      .max(20)
      .optional()
      .meta({ description: "The requested items that this reply supplies. Default: all requested items" }),
  })
  .meta({
    id: "Information",
    examples: [{ person: "rep-7", answer: "The handheld runs 4.2.", items: ["os-version"] }],
  });
export const jointPersonRequest = z
  .strictObject({
    person,
    engineer: sentEngineer,
    accountable: z.boolean().optional().meta({ description: "If true, your company becomes accountable for the case" }),
  })
  .meta({ id: "JointPerson", examples: [{ engineer: { name: "Ada Lovett", contact: "ada.lovett@orchard.example" } }] });
export const jointSessionRequest = z.strictObject({ person, outcome: prose(4000) }).meta({
  id: "JointSession",
  examples: [{ outcome: "Both companies saw the failure. Orchard tests the radio next." }],
});
export const jointResponse = z.object({ caseId, at: isoInstant }).meta({ id: "CaseStepped" });

export const takeRequest = z
  .strictObject({ person, engineer: sentEngineer })
  .meta({ id: "Take", examples: [{ person: "rep-7", engineer: { name: "Grace Moore", contact: "+1 416 555 0100" } }] });
export const takeResponse = z.object({ caseId, at: isoInstant }).meta({ id: "CaseTaken" });

export type OpenPhase = z.infer<typeof openPhase>;
export type HandoffPhase = z.infer<typeof handoffPhase>;
export type QueueHandoff = z.infer<typeof queueHandoff>;
