import { z } from "zod";
import {
  actor,
  channel,
  device,
  engineer,
  fact,
  instant,
  partyId,
  queueName,
  severity,
  slug,
  stepTried,
  subject,
} from "./vocabulary.ts";

export const rejectCode = z.enum([
  "not-our-device",
  "not-our-fault",
  "missing-information",
  "no-capacity",
  "duplicate",
]);
export const crossingMode = z.enum(["live-assist", "ticket"]);

const one = { handoffId: z.string(), vendor: partyId, queue: queueName, actor };

/** The facts of `crossline.handoff.v1`: who has the case and who is asked to take it, told by routing. */
export const handoffEvents = {
  /** The case crosses: one vendor's queue is asked to take it. */
  "handoff.offered": z.object({
    ...one,
    /** Index of the line's crossing step, and which try of it (both from 0). */
    step: z.int(),
    attempt: z.int(),
    mode: crossingMode,
    acceptWithin: z.string().optional().meta({ description: "ISO 8601 duration; without it the line's clock decides" }),
    reason: z.enum(["clock", "by-hand", "lapsed", "rejected"]),
    clock: z.string().optional(),
    firingId: z.string().optional(),
  }),
  /** A lease was taken: others are kept out, no clock is stopped. */
  "handoff.claimed": z.object({ ...one, leaseUntil: instant }),
  "handoff.released": z.object(one),
  /** The vendor answers for the work now; it holds the case. */
  "handoff.accepted": z.object({
    ...one,
    vendorCaseId: z.string().max(100),
    nextStep: z.string().max(1000),
    eta: instant,
    readBack: z.object({ problem: z.string(), tried: z.string(), needBy: instant.optional() }),
    dossierVersion: z.int(),
    subject: z.object({ engineer }),
  }),
  "handoff.rejected": z.object({ ...one, code: rejectCode, note: z.string().max(1000).optional() }),
  "handoff.resolved": z.object({ ...one, fixCode: slug, note: z.string().max(1000).optional() }),
  "handoff.confirmed": z.object(one),
  "handoff.reopened": z.object({ ...one, reason: z.string() }),
  /** Nobody accepted in time; the next step follows. */
  "handoff.lapsed": z.object(one),
  "handoff.withdrawn": z.object({ ...one, reason: z.enum(["case-ended", "overtaken"]) }),
  /** Every step of the line is used up. The last resort is called until a person takes the case. */
  "line.exhausted": z.object({ actor, lastResort: z.array(z.url()) }),
  /** The n-th call (from 1) of the last resort; `next` is how long it waits before it calls again. */
  "last-resort.called": z.object({ actor, call: z.int(), next: z.string(), addresses: z.array(z.url()) }),
  "handoff.taken": z.object({ actor, subject: z.object({ engineer }) }),
} as const;

/** Everything that a vendor needs to start work, without asking back (domain.md 5). */
export const brief = z.object({
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
  tried: z.array(z.object({ at: instant, party: partyId, step: stepTried })),
  facts: z.array(z.object({ at: instant, party: partyId, fact })),
  notes: z.array(z.object({ at: instant, party: partyId, text: z.string() })),
  missing: z.array(z.string()),
  needBy: instant.optional(),
  promises: z.array(z.string()),
  contacts: z.object({ count: z.int(), byChannel: z.partialRecord(channel, z.int()), lastAt: instant.optional() }),
  timesByHolder: z.record(z.string(), z.int()).meta({ description: "Milliseconds that each party has held the case" }),
  liveHandling: z
    .object({ channel, startedAt: instant, minutes: z.int() })
    .optional()
    .meta({ description: "There while a customer is on the line: for how long by now" }),
  /** How many entries of each list were left out because the brief is limited. */
  omitted: z.int(),
  subject: subject.optional(),
});

/** The records of `crossline.queue.<vendor>.v1`: what a vendor's desk consumes. Keyed by case. */
export const queueEvents = {
  "queue.offered": z.object({
    handoffId: z.string(),
    queue: queueName,
    mode: crossingMode,
    offeredAt: instant,
    acceptBy: instant.optional(),
    brief,
    /** Paths below the public address. */
    claim: z.string(),
  }),
  /** The offer stands no longer: it lapsed, or was withdrawn. */
  "queue.ended": z.object({ handoffId: z.string(), queue: queueName, reason: z.enum(["lapsed", "withdrawn"]) }),
} as const;

export type Brief = z.infer<typeof brief>;
export type RejectCode = z.infer<typeof rejectCode>;
export type CrossingMode = z.infer<typeof crossingMode>;
