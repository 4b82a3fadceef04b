import { z } from "zod";
import {
  actor,
  audience,
  caseStatus,
  channel,
  device,
  fact,
  instant,
  lineRef,
  partyId,
  severity,
  slug,
  stepTried,
  subject,
} from "./vocabulary.ts";

const handling = { actor, handlingId: z.string(), channel };

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
    /** What else an import's first row holds. */
    fields: z.record(z.string(), z.string()).optional(),
  }),
  /** A contact with the customer. `answer` is a person's; an auto-reply or a link to an article answers nobody. */
  "case.contacted": z.object({
    actor,
    contactId: z.string(),
    channel,
    direction: z.enum(["inbound", "outbound"]),
    content: z.enum(["inquiry", "answer", "auto-reply", "article"]),
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
    kind: z.enum(["note", "step-tried", "fact", "hypothesis"]),
    audience,
    /** Whose words they are: the customer's own hypothesis is carried along and moves no clock. */
    by: z.enum(["party", "customer"]),
    /** False where the dossier already says so: a repeated hypothesis or fact is no progress. */
    news: z.boolean().default(true),
    text: z.string().max(4000).optional(),
    step: stepTried.optional(),
    fact: fact.optional(),
    subject: subject.optional(),
  }),
  "case.status-changed": z.object({
    actor,
    from: caseStatus,
    to: caseStatus,
    note: z.string().max(1000).optional(),
    waitingOn: z.enum(["customer", "vendor", "carrier"]).optional(),
  }),
  /** Somebody beyond the holder is wanted, by hand. `asOf` is the version that the person saw. */
  "crossing.requested": z.object({ actor, asOf: z.int(), reason: z.string().max(1000).optional() }),
  "case.resolved": z.object({
    actor,
    from: caseStatus,
    fixCode: slug.optional(),
    handoffId: z.string().optional(),
    note: z.string().max(1000).optional(),
  }),
  "case.confirmed": z.object({ actor }),
  "case.reopened": z.object({ actor, from: caseStatus, reason: z.string().max(1000) }),
  "case.closed": z.object({
    actor,
    from: caseStatus,
    reason: z.enum(["confirmed", "confirmation-lapsed", "by-carrier"]),
    note: z.string().max(1000).optional(),
  }),
  /** A row of an imported history: one event of a person of the holder, who found or left the case in this state. */
  "case.recorded": z.object({ actor, status: caseStatus, fields: z.record(z.string(), z.string()).optional() }),
  /** Nothing from outside earlier than `mark` follows on this timeline and partition. Keyed `<timeline>/<partition>`. */
  "timeline.marked": z.object({ mark: instant }),
} as const;
