import { z } from "zod";
import { clockKind } from "./clock.ts";
import { attachment, entryChain, entryKind, entryOf, entryTextMax } from "./entry.ts";
import { messageEvents } from "./message.ts";
import { serviceEvents } from "./service.ts";
import {
  actor,
  audience,
  canaryMark,
  caseStatus,
  channel,
  contactContent,
  device,
  fact,
  instant,
  lineRef,
  partyId,
  region,
  pauseCode,
  reopenCode,
  severity,
  slug,
  triedStep,
  subject,
} from "./vocabulary.ts";

/** The obligation that a delivery in time meets in addition to the promise. */
export const promisedFor = z.enum(["need-by"]);

const handling = { actor, handlingId: z.string(), channel };

/** A clock of a source case and its remaining time. A merge carries the deadline to the target case. */
const carriedClock = z.object({
  clock: z.string(),
  kind: clockKind,
  charged: partyId,
  /** The part of the target that is not counted yet. */
  leftMs: z.int().min(0),
  /** The deadline of the clock's breach; absent if the clock is paused. */
  dueAt: instant.optional(),
});

/** An entry of a source case, for the people who work on the target case. */
const carriedEntry = z.object({
  at: instant,
  actor,
  kind: entryKind,
  by: z.enum(["party", "customer"]),
  text: z.string().max(entryTextMax).optional(),
  step: triedStep.optional(),
  fact: fact.optional(),
  attachment: attachment.optional(),
});

/** The events that intake publishes on `crossline.case.v1`. The envelope contains the time and the sequence of each event. */
export const caseEvents = {
  /**
   * A case was opened. The case stays under its line until `case.moved`. The opening counts as the customer's first contact.
   */
  "case.opened": z.object({
    actor,
    carrier: partyId,
    carrierCaseId: z.string().min(1).max(100),
    kind: slug,
    severity,
    title: z.string().max(200),
    channel,
    line: lineRef,
    lineReason: z.string(),
    /** The first row of an imported case can open the case in any status. */
    status: caseStatus.default("acknowledged"),
    device: device.optional(),
    symptom: slug.optional(),
    region: region.optional(),
    needBy: instant.optional(),
    subject: subject.optional(),
    /**
     * The instants at which this carrier's similar open cases were opened, including this case. Similar cases have the same
     * kind, model and symptom.
     */
    alike: z.array(instant).max(100).optional(),
    follows: z
      .string()
      .optional()
      .meta({ description: "An earlier case of the same customer, which has ended and no longer accepts contacts" }),
    canary: canaryMark.optional(),
    /** The `fields` of the first row of an imported case. */
    fields: z.record(z.string(), z.string()).optional(),
  }),
  /**
   * A contact with the customer. An inbound contact is the customer's act, even if a program recorded it. An automatic reply is
   * a program's act.
   */
  "case.contacted": z.object({
    actor,
    contactId: z.string(),
    channel,
    direction: z.enum(["inbound", "outbound"]),
    content: contactContent,
    messageId: z
      .string()
      .optional()
      .meta({ description: "The outbound message that was sent, if this contact is one" }),
    subject: subject.optional(),
  }),
  /** A person began to work live with the customer. */
  "handling.started": z.object(handling),
  /** A heartbeat of a live handling. */
  "handling.continued": z.object(handling),
  "handling.ended": z.object(handling),
  /** An entry was added to the dossier. */
  "entry.added": z.object({
    actor,
    entryId: z.string(),
    kind: entryKind,
    audience,
    chain: entryChain.optional().meta({
      description:
        "All companies of the case read the chain `shared`. Only the author's company reads `internal`. Absent if the case was opened before internal chains existed",
    }),
    number: z.int().optional().meta({ description: "The place of the entry in its chain, from 1" }),
    previous: z.string().optional().meta({ description: "The hash of the previous entry in the same chain" }),
    hash: z.string().optional(),
    /** The author of the text. A hypothesis of the customer changes no clock. */
    by: z.enum(["party", "customer"]),
    /** False for a repeated hypothesis or fact, which does not count as progress. */
    news: z.boolean().default(true),
    text: z.string().max(entryTextMax).optional(),
    step: triedStep.optional(),
    fact: fact.optional(),
    attachment: attachment.optional(),
    of: entryOf.optional(),
    /** The earlier entry and the reason for the repetition; present if the step had been tried before. */
    repeats: z.object({ entryId: z.string(), reason: z.string() }).optional(),
    subject: subject.optional(),
  }),
  "case.status-changed": z.object({
    actor,
    from: caseStatus,
    to: caseStatus,
    note: z.string().max(1000).optional(),
    waitingOn: z.enum(["customer", "vendor", "carrier"]).optional(),
    rootCause: z
      .string()
      .max(1000)
      .optional()
      .meta({ description: "The root cause of a joint case that is cancelled" }),
    /** The fields of a pause. The pause stops one party's clock and starts the clock of the party for which the case waits. */
    code: pauseCode.optional(),
    evidence: z.string().max(1000).optional(),
    maximum: z.string().optional().meta({ description: "ISO 8601 duration" }),
  }),
  /** The severity was changed. The timer recomputes the deadlines and keeps all earlier pauses. */
  "case.severity-changed": z.object({ actor, from: severity, to: severity, reason: z.string().max(1000).optional() }),
  /** The vendor that holds the case proposed a lower severity. No clock changes until the carrier accepts the proposal. */
  "case.severity-proposed": z.object({ actor, from: severity, to: severity, reason: z.string().max(1000).optional() }),
  "case.severity-declined": z.object({ actor, to: severity, reason: z.string().max(1000) }),
  /** The case was moved to another line, or to another version of the same line. */
  "case.moved": z.object({ actor, from: lineRef, line: lineRef, reason: z.string().max(1000) }),
  /**
   * The source case `from` was merged into this case. The source case closes, and its content and deadlines continue in the
   * target case.
   */
  "case.merged": z.object({
    actor,
    from: z.string(),
    carrierCaseId: z.string(),
    reason: z.string().max(1000),
    clocks: z.array(carriedClock).max(100),
    contacts: z.object({ count: z.int(), byChannel: z.partialRecord(channel, z.int()), lastAt: instant }),
    entries: z.array(carriedEntry).max(100),
    given: z
      .array(z.string())
      .max(200)
      .optional()
      .meta({ description: "The names of the source case's facts and supplied items, which a line can require" }),
    device: device.optional(),
    symptom: slug.optional(),
    needBy: instant.optional(),
    subject: subject.optional(),
  }),
  /**
   * Fields of the case were corrected. `from` contains the former values of these fields. The correction does not change the
   * line. Only `case.moved` does.
   */
  "case.corrected": z.object({
    actor,
    reason: z.string().max(1000),
    title: z.string().max(200).optional(),
    device: device.optional(),
    symptom: slug.optional(),
    needBy: instant.nullable().optional().meta({ description: "`null` removes the need-by" }),
    from: z.object({
      title: z.string().optional(),
      device: device.optional(),
      symptom: slug.optional(),
      needBy: instant.optional(),
    }),
    subject: subject.optional(),
  }),
  /** A promise was made. A delivery at exactly `until` is in time. A delivery in time also meets the obligation `for`. */
  "promise.made": z.object({
    actor,
    promiseId: z.string(),
    promisor: partyId,
    text: z.string().max(1000),
    from: instant.optional(),
    until: instant,
    for: promisedFor.optional(),
  }),
  /** A promise was delivered, with evidence. `kept` is true if the delivery was not after the end of the window. */
  "promise.delivered": z.object({
    actor,
    promiseId: z.string(),
    promisor: partyId,
    evidence: z.string().max(1000),
    kept: z.boolean(),
    for: promisedFor.optional(),
  }),
  /** A promise was withdrawn, so it will not be delivered. */
  "promise.withdrawn": z.object({ actor, promiseId: z.string(), promisor: partyId, reason: z.string().max(1000) }),
  /** Many cases of one channel lacked the same required item, so the cause is probably in the channel. */
  "problem.opened": z.object({
    actor,
    problemId: z.string(),
    item: z.string(),
    channel,
    kind: slug,
    cases: z.int(),
  }),
  ...serviceEvents,
  ...messageEvents,
  /** A person requested a crossing by hand. `asOf` is the version of the case that the person read. */
  "crossing.requested": z.object({ actor, asOf: z.int(), reason: z.string().max(1000).optional() }),
  "case.resolved": z.object({
    actor,
    from: caseStatus,
    fixCode: slug.optional(),
    rootCause: z.string().max(1000).optional(),
    handoffId: z.string().optional(),
    note: z.string().max(1000).optional(),
  }),
  "case.confirmed": z.object({ actor }),
  "case.reopened": z.object({
    actor,
    from: caseStatus,
    code: reopenCode.optional(),
    reason: z.string().max(1000),
  }),
  "case.closed": z.object({
    actor,
    from: caseStatus,
    reason: z.enum(["confirmed", "confirmation-lapsed", "by-carrier", "merged"]),
    /** The target case, if this case was merged. */
    into: z.string().optional(),
    note: z.string().max(1000).optional(),
  }),
  /** A row of an imported history: an act of a person of the holder, and the status of the case after this act. */
  "case.recorded": z.object({ actor, status: caseStatus, fields: z.record(z.string(), z.string()).optional() }),
  /**
   * On this timeline and partition, each later record of a company's command has a time at or after `mark`. The record key is
   * `<timeline>/<partition>`.
   */
  "timeline.marked": z.object({ mark: instant }),
  /**
   * An import was removed. Each service deletes the import's data and skips the import's records. The record key is
   * `<timeline>/removed/<partition>`.
   */
  "timeline.removed": z.object({}),
} as const;

export type CarriedClock = z.infer<typeof carriedClock>;
export type CarriedEntry = z.infer<typeof carriedEntry>;
