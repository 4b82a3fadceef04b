import { z } from "zod";
import { briefExample } from "./brief-example.ts";
import { linkedChange } from "./change.ts";
import { attachment } from "./entry.ts";
import { clockKind } from "./clock.ts";
import { informationCode, rejectCode, returnCode, transferCode } from "./handoff-codes.ts";
import { crossingCause, poolEvents } from "./pool.ts";
import { knownError } from "./problem.ts";
import { ledIncident } from "./service.ts";
import {
  actor,
  channel,
  contactContent,
  crossingMode,
  device,
  engineer,
  fact,
  instant,
  partyId,
  queueName,
  reopenCode,
  severity,
  slug,
  triedStep,
  subject,
} from "./vocabulary.ts";

/** The evidence that a case does not belong to this vendor: a test, its result, and a result that would refute the vendor. */
export const evidence = z.strictObject({
  test: z.string().min(1).max(1000),
  result: z.string().min(1).max(1000),
  wouldChangeOurMind: z.string().min(1).max(1000),
});

/** A person on duty and their contact methods. */
export const pagedPerson = z.strictObject({
  person: z
    .string()
    .min(1)
    .max(64)
    .meta({ examples: ["ada"] }),
  name: z
    .string()
    .min(1)
    .max(200)
    .meta({ examples: ["Ada Lovett"] }),
  mail: z.email().max(254).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
});

const handoffFields = { handoffId: z.string(), vendor: partyId, queue: queueName, actor };

/**
 * The events that routing publishes on `crossline.handoff.v1`: hand-offs, pages, assignments to pools and calls of the last
 * resort.
 */
export const handoffEvents = {
  /** The case crosses: routing offers the case to a vendor's queue. */
  "handoff.offered": z.object({
    ...handoffFields,
    /** The index of the line step, and the number of the attempt at this step, both from 0. */
    step: z.int(),
    attempt: z.int(),
    mode: crossingMode,
    acceptWithin: z
      .string()
      .optional()
      .meta({ description: "ISO 8601 duration. Default: the target of the line's clock `vendor.acceptance`" }),
    ...crossingCause,
  }),
  /** A person of the desk claimed the offer. No other person can claim the offer until the lease ends. No clock stops. */
  "handoff.claimed": z.object({ ...handoffFields, leaseUntil: instant }),
  /** The desk renewed its lease. The renewal does not count as a sign of life and stops no clock. */
  "handoff.renewed": z.object({ ...handoffFields, leaseUntil: instant }),
  "handoff.released": z.object(handoffFields),
  /** The vendor accepted the case and is now the holder. */
  "handoff.accepted": z.object({
    ...handoffFields,
    vendorCaseId: z.string().max(100),
    nextStep: z.string().max(1000),
    eta: instant,
    readBack: z.object({ problem: z.string(), tried: z.string(), needBy: instant.optional() }),
    dossierVersion: z.int(),
    subject: z.object({ engineer }),
  }),
  "handoff.rejected": z.object({ ...handoffFields, code: rejectCode, note: z.string().max(1000).optional() }),
  "handoff.resolved": z.object({
    ...handoffFields,
    fixCode: slug,
    rootCause: z.string().max(1000).optional(),
    note: z.string().max(1000).optional(),
  }),
  "handoff.confirmed": z.object(handoffFields),
  "handoff.reopened": z.object({ ...handoffFields, code: reopenCode.optional(), reason: z.string() }),
  /** The vendor did not accept the offer in time. Routing takes the next line step. */
  "handoff.lapsed": z.object(handoffFields),
  "handoff.withdrawn": z.object({ ...handoffFields, reason: z.enum(["case-ended", "overtaken", "incident"]) }),
  /** No line step is left. Routing calls the last resort until a person takes the case. */
  "line.exhausted": z.object({ actor, lastResort: z.array(z.string()) }),
  /** Routing called the last resort. `call` is the number of this call, from 1. `next` is the time until the next call. */
  "last-resort.called": z.object({ actor, call: z.int(), next: z.string(), addresses: z.array(z.url()) }),
  /** The vendor requested information before an acceptance. The vendor's clock pauses, and the carrier's clock runs. */
  "handoff.info-requested": z.object({
    ...handoffFields,
    code: informationCode,
    items: z.array(z.string()),
    question: z.string().max(1000).optional(),
  }),
  /** The carrier replied to the information request. `bestEffort` is true if the carrier's time passed without a reply. */
  "handoff.info-provided": z.object({
    ...handoffFields,
    answer: z.string().max(4000).optional(),
    items: z.array(z.string()).optional().meta({ description: "The required items that the carrier supplies" }),
    bestEffort: z.boolean(),
  }),
  /** The vendor returned the accepted case to the carrier. `returns` counts the returns from the vendor to the carrier. */
  "handoff.returned": z.object({
    ...handoffFields,
    code: returnCode,
    evidence,
    note: z.string().max(1000).optional(),
    returns: z.int(),
  }),
  /** The vendor transferred the accepted case. Routing then offers the case to the queue `to`. */
  "handoff.transferred": z.object({
    ...handoffFields,
    code: transferCode,
    to: queueName,
    note: z.string().max(1000).optional(),
    /** Present for a transfer back to an earlier vendor. A transfer back counts as a return between the two vendors. */
    evidence: evidence.optional(),
    returns: z.int().optional(),
  }),
  /** After too many returns, the case is joint, and no company can return or transfer it. One company is accountable. */
  "joint.declared": z.object({
    actor,
    accountable: partyId,
    parties: z.array(partyId),
    returns: z.int(),
    handoffId: z.string(),
  }),
  /** A party named its person for the joint case. */
  "joint.person-named": z.object({
    actor,
    party: partyId,
    parties: z.array(partyId),
    /** True if this party is accountable from now on. */
    accountable: z.boolean().optional(),
    subject: z.object({ engineer }),
  }),
  /** The companies of the joint case have met. */
  "joint.session-held": z.object({ actor, parties: z.array(partyId), outcome: z.string().max(4000) }),
  /** Routing pages the people on duty. `acceptWithin` is the time in which one of the paged people must take the case. */
  "roster.paged": z.object({
    actor,
    pageId: z.string(),
    roster: queueName,
    reason: z.enum(["step", "last-resort", "need-by", "promise", "joint", "emergency", "reply"]),
    contact: z
      .object({ channel, content: contactContent })
      .optional()
      .meta({ description: "For `reply`: the customer's last contact" }),
    clock: z.string().optional().meta({ description: "The name of the clock whose breach caused the page" }),
    kind: clockKind.optional().meta({ description: "The kind of the clock whose breach caused the page" }),
    firingId: z.string().optional(),
    call: z.int().optional(),
    step: z.int().optional(),
    attempt: z.int().optional(),
    acceptWithin: z.string().optional(),
    throughQuietHours: z.boolean(),
    /** True if no person was on duty, or all were in their quiet hours. */
    nobody: z.boolean(),
    people: z.array(z.string()).meta({ description: "The ids of the people, as their company uses them" }),
    subject: z.object({ people: z.array(pagedPerson) }).optional(),
  }),
  "handoff.taken": z.object({ actor, subject: z.object({ engineer }) }),
  ...poolEvents,
} as const;

/** The brief: the information that a vendor needs to start work without a question (docs/rules/handoff.md). */
export const brief = z
  .object({
    case: z.object({
      id: z.string(),
      carrier: partyId,
      carrierCaseId: z.string(),
      kind: slug,
      severity,
      title: z.string(),
      openedAt: instant,
      version: z.int(),
    }),
    device: device.optional(),
    symptom: slug.optional(),
    hypotheses: z.array(z.object({ at: instant, by: z.enum(["party", "customer"]), party: partyId, text: z.string() })),
    tried: z.array(z.object({ at: instant, party: partyId, step: triedStep })),
    facts: z.array(z.object({ at: instant, party: partyId, fact })),
    notes: z.array(z.object({ at: instant, party: partyId, text: z.string() })),
    missing: z.array(z.string()),
    needBy: instant.optional(),
    promises: z.array(z.string()),
    linkedChanges: z
      .array(linkedChange)
      .optional()
      .meta({ description: "The announced changes that may be the cause of the case" }),
    /** Each missing item, and the party that must supply the item. */
    owed: z.array(z.object({ item: z.string(), from: z.enum(["carrier", "vendor", "customer"]) })).optional(),
    contacts: z.object({ count: z.int(), byChannel: z.partialRecord(channel, z.int()), lastAt: instant.optional() }),
    timesByHolder: z
      .record(z.string(), z.int())
      .meta({ description: "The time for which each party has held the case, in milliseconds" }),
    liveHandling: z
      .object({ channel, startedAt: instant, minutes: z.int() })
      .optional()
      .meta({ description: "The live handling that runs now, with its minutes so far" }),
    attachments: z.array(z.object({ at: instant, party: partyId, attachment })).optional(),
    /** The share of the required items that the case has, in percent. */
    completeness: z.int().optional(),
    joint: z.boolean().optional().meta({
      description:
        "True if the case is joint: no company may return or transfer it, and a resolution needs a root cause",
    }),
    returns: z.int().optional().meta({ description: "How often vendors have returned the case so far" }),
    incident: ledIncident.optional(),
    knownErrors: z.array(z.object({ fixCode: slug, cures: z.int() })).optional(),
    /** The workarounds of the carrier's known errors that match the case. */
    workarounds: z.array(knownError).optional(),
    /** The number of entries that the brief leaves out because its size is limited. */
    omitted: z.int(),
    subject: subject.optional(),
  })
  .meta({ examples: [briefExample] });

/** The records that a vendor's desk reads on `crossline.queue.<vendor>.v1`, keyed by case. */
export const queueEvents = {
  "queue.offered": z.object({
    handoffId: z.string(),
    queue: queueName,
    mode: crossingMode,
    offeredAt: instant,
    acceptBy: instant.optional(),
    brief,
    /** The path of the claim request, relative to the public address of the API. */
    claim: z.string(),
  }),
  /**
   * An offer changed before its acceptance: the carrier replied, or the brief or `acceptBy` is new. An acceptance must name the
   * `case.version` of the new brief.
   */
  "queue.updated": z.object({
    handoffId: z.string(),
    queue: queueName,
    phase: z.enum(["offered", "claimed", "info-requested"]),
    changes: z.array(z.string()).meta({ description: "The fields of the brief that changed since the last record" }),
    information: z
      .object({ answer: z.string().optional(), items: z.array(z.string()).optional(), bestEffort: z.boolean() })
      .optional()
      .meta({
        description:
          "The carrier's reply to an information request. `bestEffort`: the carrier's time passed without a reply",
      }),
    acceptBy: instant.optional(),
    brief,
  }),
  /** The offer has lapsed or was withdrawn, or the vendor has accepted or rejected the offer. */
  "queue.ended": z.object({
    handoffId: z.string(),
    queue: queueName,
    reason: z.enum(["lapsed", "withdrawn", "accepted", "rejected"]),
  }),
} as const;

export type Brief = z.infer<typeof brief>;
export type RejectCode = z.infer<typeof rejectCode>;
export type ReturnCode = z.infer<typeof returnCode>;
export type TransferCode = z.infer<typeof transferCode>;
export type InformationCode = z.infer<typeof informationCode>;
export type Evidence = z.infer<typeof evidence>;
export type PagedPerson = z.infer<typeof pagedPerson>;
