import { z } from "zod";
import { isoInstant } from "../time.ts";

/** The services of an installation, in the order in which a case passes through them. */
export const serviceName = z.enum(["intake", "timer", "routing", "notification", "auditor", "insight", "console"]);

const parkedCase = z.object({
  key: z.string().meta({ description: "The id of the case, or another record key" }),
  topic: z.string(),
  sequence: z.int(),
  timeline: z.string(),
  reason: z.string(),
  attempts: z.int(),
  waiting: z.int().meta({ description: "The number of records of the case that wait, including the parked record" }),
  parkedAt: isoInstant,
  replayRequestedAt: isoInstant.optional(),
});

const deadLetter = z.object({
  id: z.int(),
  direction: z.enum(["in", "out"]),
  topic: z.string(),
  partition: z.int().optional(),
  offset: z.int().optional(),
  reason: z.string(),
  deadAt: isoInstant,
});

/** The response of a service to `GET /internal/operation`. */
export const serviceOperation = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), z.string()).meta({ description: "`ok`, or the reason why a check of readiness failed" }),
  lag: z.int().meta({ description: "The records that the responding process has not applied" }),
  outbox: z.object({
    waiting: z.int().meta({ description: "An upper bound of the messages that wait to be sent" }),
    oldestAt: isoInstant.optional().meta({ description: "The instant of the oldest waiting message" }),
  }),
  parked: z.array(parkedCase).meta({ description: "The oldest 100 parked cases" }),
  deadLetters: z.array(deadLetter).meta({ description: "The newest 100 dead letters" }),
  lateness: z
    .object({ since: isoInstant, firings: z.int(), p50Ms: z.int().optional(), p99Ms: z.int().optional() })
    .optional()
    .meta({ description: "From the console: the lateness of the firings of the last 24 hours" }),
  findings: z
    .record(z.string(), z.int())
    .optional()
    .meta({ description: "From the auditor: the number of findings of each kind" }),
  deliveries: z
    .object({ since: isoInstant, waiting: z.int(), abandoned: z.int() })
    .optional()
    .meta({ description: "From notification: the waiting deliveries, and those abandoned in the last 24 hours" }),
});

/** `GET /v1/operations`. */
export const operations = z
  .object({
    at: isoInstant,
    gate: z
      .object({
        perSecond: z.number().optional().meta({ description: "Absent while no rate limit applies" }),
        atWork: z.int().meta({ description: "The requests that intake processes now" }),
      })
      .meta({ description: "The rate limit of the responding process of intake" }),
    services: z.array(
      z.discriminatedUnion("state", [
        serviceOperation.extend({ service: serviceName, state: z.literal("reached") }),
        z.object({ service: serviceName, state: z.literal("unreachable") }),
      ]),
    ),
  })
  .meta({ id: "Operations" });

export const parkedCaseParams = z.strictObject({ service: serviceName, key: z.string().min(1).max(200) });
export const deadLetterParams = z.strictObject({ service: serviceName, id: z.coerce.number().int().min(1) });

/** The body of a replay, which has no fields. */
export const replayRequest = z
  .strictObject({})
  .prefault({})
  .meta({ id: "RequestReplay", examples: [{}] });
export const requestedReplay = z.object({ requested: z.literal(true) }).meta({ id: "RequestedReplay" });

export type ServiceName = z.infer<typeof serviceName>;
export type ServiceOperation = z.infer<typeof serviceOperation>;
export type Operations = z.input<typeof operations>;
