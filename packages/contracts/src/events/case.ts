import { z } from "zod";
import { clockKind } from "./clock.ts";
import {
  actor,
  audience,
  caseStatus,
  channel,
  contactContent,
  device,
  fact,
  instant,
  lineRef,
  partyId,
  pauseCode,
  reopenCode,
  severity,
  slug,
  triedStep,
  subject,
} from "./vocabulary.ts";

/** The kinds of entries in a dossier (docs/rules/dossier.md). */
export const entryKind = z.enum(["note", "step-tried", "fact", "hypothesis", "attachment", "message", "decision"]);

/** A file that lies elsewhere: what it is, how large, and its hash, so that another file is noticed. */
export const attachment = z.strictObject({
  name: z.string().min(1).max(200),
  mediaType: z.string().max(100),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.url({ protocol: /^https$/ }).max(2000),
});

/** Which chain of its case's dossier an entry is in: see packages/domain/src/case/chains.ts. */
export const entryChain = z.enum(["shared", "internal"]);

/** An entry's text at most: the longest hand-off command with its labels. */
const entryTextMax = 5000;

/** The fact whose words an entry has: the record of that topic with the case's key. */
export const entryOf = z
  .object({
    topic: z.string(),
    sequence: z
      .int()
      .meta({ description: "The sequence of that event. On the case topic it is counted without internal entries" }),
  })
  .meta({
    description:
      "The event of the command whose text this entry holds. Absent for an entry that a company wrote itself",
  });

/** Which obligation a promise is made for: kept, it meets that one too. */
export const promisedFor = z.enum(["need-by"]);

const handling = { actor, handlingId: z.string(), channel };

/** What is left of a clock of a case that is merged into another. */
const carriedClock = z.object({
  clock: z.string(),
  kind: clockKind,
  charged: partyId,
  /** Of its target, by what it has counted. */
  leftMs: z.int().min(0),
  /** When it would breach; without it, it rests. */
  dueAt: instant.optional(),
});

/** What was written down on a case that is merged into another, for who works on that one. */
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

/** The facts of `crossline.case.v1`: what happened on a case, told by intake. Data only; time and order are the envelope's. */
export const caseEvents = {
  /** A case exists, under a line that it keeps. Opening counts as the customer's first contact. */
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
    /** An import's first row may open a case in any state. */
    status: caseStatus.default("acknowledged"),
    device: device.optional(),
    symptom: slug.optional(),
    needBy: instant.optional(),
    subject: subject.optional(),
    /** Open cases alike (kind, model, symptom) of this carrier by now, this one included: instants of their openings. */
    alike: z.array(instant).max(100).optional(),
    follows: z
      .string()
      .optional()
      .meta({ description: "The ended case of the same customer, whose time for letters is over" }),
    /** What an import's first row holds besides. */
    fields: z.record(z.string(), z.string()).optional(),
  }),
  /** A contact with the customer. An inbound one is the customer's own act, whatever recorded it; an automatic reply is a program's. */
  "case.contacted": z.object({
    actor,
    contactId: z.string(),
    channel,
    direction: z.enum(["inbound", "outbound"]),
    content: contactContent,
    subject: subject.optional(),
  }),
  /** A person begins to work live with the customer. */
  "handling.started": z.object(handling),
  /** A heartbeat: the person is still there. */
  "handling.continued": z.object(handling),
  "handling.ended": z.object(handling),
  /** Something was written down in the dossier. */
  "entry.added": z.object({
    actor,
    entryId: z.string(),
    kind: entryKind,
    audience,
    chain: entryChain.optional().meta({
      description:
        "`shared` is read by all companies of the case, `internal` only by the author's company. Absent if the case is older than this split and has one chain",
    }),
    number: z.int().optional().meta({ description: "The place of the entry in its chain, from 1" }),
    previous: z.string().optional().meta({ description: "The hash of the previous entry in the same chain" }),
    hash: z.string().optional(),
    /** Whose words they are: the customer's own hypothesis is carried along and moves no clock. */
    by: z.enum(["party", "customer"]),
    /** False where the dossier already says so: a repeated hypothesis or fact is no progress. */
    news: z.boolean().default(true),
    text: z.string().max(entryTextMax).optional(),
    step: triedStep.optional(),
    fact: fact.optional(),
    attachment: attachment.optional(),
    of: entryOf.optional(),
    /** A step that was tried already is tried again: which entry it repeats, and why. */
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
    /** A pause of the holder's clocks is a pass to whom the case waits for: why, what shows it, and for how long at most. */
    code: pauseCode.optional(),
    evidence: z.string().max(1000).optional(),
    maximum: z.string().optional().meta({ description: "ISO 8601 duration" }),
  }),
  /** The severity was changed: deadlines are computed anew, with all pauses that were. */
  "case.severity-changed": z.object({ actor, from: severity, to: severity, reason: z.string().max(1000).optional() }),
  /** The vendor that holds the case wishes for a lower severity. No clock changes; the carrier sets one, or declines. */
  "case.severity-proposed": z.object({ actor, from: severity, to: severity, reason: z.string().max(1000).optional() }),
  "case.severity-declined": z.object({ actor, to: severity, reason: z.string().max(1000) }),
  /** The case goes on under another line, or another version of its own. */
  "case.moved": z.object({ actor, from: lineRef, line: lineRef, reason: z.string().max(1000) }),
  /**
   * Another case, `from`, turned out to be the same and is closed by this: what was known of it, and the deadlines that it had,
   * go on here. Told of the case that goes on.
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
      .meta({ description: "Names of the facts and of the supplied items, which a line can require" }),
    device: device.optional(),
    symptom: slug.optional(),
    needBy: instant.optional(),
    subject: subject.optional(),
  }),
  /** What was wrong about the case is corrected; `from` is what it said before. The line stays: that is `case.moved`. */
  "case.corrected": z.object({
    actor,
    reason: z.string().max(1000),
    title: z.string().max(200).optional(),
    device: device.optional(),
    symptom: slug.optional(),
    needBy: instant.nullable().optional().meta({ description: "`null` removes the deadline" }),
    from: z.object({
      title: z.string().optional(),
      device: device.optional(),
      symptom: slug.optional(),
      needBy: instant.optional(),
    }),
    subject: subject.optional(),
  }),
  /** A commitment with a window: `until` is still in time. `for`: its delivery is the cure that the need-by asks for. */
  "promise.made": z.object({
    actor,
    promiseId: z.string(),
    promisor: partyId,
    text: z.string().max(1000),
    from: instant.optional(),
    until: instant,
    for: promisedFor.optional(),
  }),
  /** There is evidence that it was delivered; `kept` where that was within its window. */
  "promise.delivered": z.object({
    actor,
    promiseId: z.string(),
    promisor: partyId,
    evidence: z.string().max(1000),
    kept: z.boolean(),
    for: promisedFor.optional(),
  }),
  /** The promisor took it back, or it was declined: it will not come. */
  "promise.withdrawn": z.object({ actor, promiseId: z.string(), promisor: partyId, reason: z.string().max(1000) }),
  /** The same item has been missing from one channel so often that the channel is looked at, not the case. */
  "problem.opened": z.object({
    actor,
    problemId: z.string(),
    item: z.string(),
    channel,
    kind: slug,
    cases: z.int(),
  }),
  /** Somebody beyond the holder is wanted, by hand. `asOf` is the version that the person saw. */
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
    /** The case that this one was merged into. */
    into: z.string().optional(),
    note: z.string().max(1000).optional(),
  }),
  /** A row of an imported history: one event of a person of the holder, who found or left the case in this state. */
  "case.recorded": z.object({ actor, status: caseStatus, fields: z.record(z.string(), z.string()).optional() }),
  /** Nothing from outside earlier than `mark` follows on this timeline and partition. Keyed `<timeline>/<partition>`. */
  "timeline.marked": z.object({ mark: instant }),
  /** An import was removed: each service deletes what it has of it and passes its records over. Keyed `<timeline>/removed/<partition>`. */
  "timeline.removed": z.object({}),
} as const;

export type EntryKind = z.infer<typeof entryKind>;
export type EntryOf = z.infer<typeof entryOf>;
export type Attachment = z.infer<typeof attachment>;
export type CarriedClock = z.infer<typeof carriedClock>;
export type CarriedEntry = z.infer<typeof carriedEntry>;
