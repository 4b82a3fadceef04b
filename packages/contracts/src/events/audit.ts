import { z } from "zod";
import { clockKind } from "./clock.ts";
import { instant, lineRef } from "./vocabulary.ts";

/** The fields that identify one threshold of one incarnation of a clock. */
const threshold = {
  clock: z.string(),
  kind: clockKind,
  incarnation: z
    .string()
    .meta({ description: "`clock/*` if only the timer knows the sequence of the event that started the clock" }),
  threshold: z.int(),
};

const firing = {
  ...threshold,
  firingId: z.string(),
  /** The sequence of the firing's record on the clock topic. */
  sequence: z.int(),
  dueAt: instant,
  firedAt: instant,
};

/**
 * The events that the auditor publishes on `crossline.audit.v1`. The record key is the case id, or `watermark/<partition>` for
 * a watermark.
 */
export const auditEvents = {
  /**
   * The threshold was due, but the timer did not publish a firing. The auditor had read all published records, and the grace
   * had passed.
   */
  "audit.missed": z.object({ ...threshold, dueAt: instant }),
  /** The timer fired the threshold too late on the wall timeline, or after the auditor had published `audit.missed`. */
  "audit.late": z.object({ ...firing, latenessMs: z.int().min(0), afterMissed: z.boolean() }),
  /** The timer published the same firing under two sequences. */
  "audit.doubled": z.object(firing),
  /**
   * The timer fired the threshold without a reason, at a wrong instant, too early, or under a wrong id. `wrong-order`: a clock
   * event names an order in which the timer cannot have applied the records of the case.
   */
  "audit.unfounded": z.object({
    ...z.object(firing).partial().shape,
    sequence: firing.sequence,
    reason: z.enum(["not-asked", "wrong-instant", "too-early", "wrong-id", "wrong-order"]),
    fact: z.string().optional().meta({ description: "The event type, if the clock event is not a firing" }),
    expectedAt: instant.optional().meta({
      description: "The instant at which the auditor expected this firing. Absent if the auditor expected no firing",
    }),
  }),
  /** The auditor has not received some records that were published on an audited topic. */
  "audit.gap": z.object({ topic: z.string(), from: z.int(), to: z.int() }),
  /**
   * A record has a position that its owner's outbox never had: the owner has published no record of this case with a sequence
   * above `last`. A client with a stolen Kafka password has forged the record.
   */
  "audit.forged": z.object({
    topic: z.string(),
    sequence: z.int().meta({ description: "The last sequence that the auditor has read of this case" }),
    last: z
      .int()
      .min(0)
      .meta({ description: "The last sequence that the owner has. 0: the owner does not have the case" }),
  }),
  /** A case has clocks for which the auditor has no rules. */
  "audit.unaudited": z.object({
    line: lineRef,
    clocks: z.array(z.object({ clock: z.string(), kind: z.string(), reason: z.enum(["kind", "calendar"]) })),
  }),
  /**
   * The audit watermark. In this partition of the wall timeline, the auditor has audited everything that was due before
   * `until`.
   */
  "audit.watermark": z.object({
    partition: z.int(),
    until: instant,
    told: z.int().meta({
      description:
        "The number of firings in this partition that the auditor has compared with its own calculation so far",
    }),
    findings: z.int().meta({ description: "The number of findings in this partition so far" }),
  }),
} as const;
