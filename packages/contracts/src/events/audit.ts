import { z } from "zod";
import { clockKind } from "./clock.ts";
import { instant, lineRef } from "./vocabulary.ts";

/** One threshold of one incarnation of a clock, with which the auditor compares the timer's firings. */
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
  /** The sequence of the record on the clock topic. */
  sequence: z.int(),
  dueAt: instant,
  firedAt: instant,
};

/**
 * The events of `crossline.audit.v1`, which the auditor publishes. The key is the case id, or `watermark/<partition>` for a
 * watermark.
 */
export const auditEvents = {
  /**
   * The threshold had to fire, and the timer did not publish it. The auditor has read all published records, and the grace
   * period has passed.
   */
  "audit.missed": z.object({ ...threshold, dueAt: instant }),
  /** The threshold fired too late on the wall timeline, or after `audit.missed`. */
  "audit.late": z.object({ ...firing, latenessMs: z.int().min(0), afterMissed: z.boolean() }),
  /** The timer published one firing under two sequences. */
  "audit.doubled": z.object(firing),
  /**
   * The threshold fired without a reason, at a wrong instant, too early, or under a wrong id. With `wrong-order`, a clock event
   * names an order in which the timer cannot have applied its records.
   */
  "audit.unfounded": z.object({
    ...z.object(firing).partial().shape,
    sequence: firing.sequence,
    reason: z.enum(["not-asked", "wrong-instant", "too-early", "wrong-id", "wrong-order"]),
    fact: z.string().optional().meta({ description: "The event type, if the clock event is not a firing" }),
    expectedAt: instant
      .optional()
      .meta({ description: "The instant at which the auditor expected this firing, if it expected one" }),
  }),
  /** Records of an audited topic are missing: the auditor has not received published records. */
  "audit.gap": z.object({ topic: z.string(), from: z.int(), to: z.int() }),
  /** A case has clocks for which the auditor has no rules. */
  "audit.unaudited": z.object({
    line: lineRef,
    clocks: z.array(z.object({ clock: z.string(), kind: z.string(), reason: z.enum(["kind", "calendar"]) })),
  }),
  /**
   * The audit watermark: the auditor has judged everything in this partition of the wall timeline that was due before `until`.
   */
  "audit.watermark": z.object({
    partition: z.int(),
    until: instant,
    told: z
      .int()
      .meta({ description: "Firings of this partition that the auditor has compared with its own calculation so far" }),
    findings: z.int().meta({ description: "Findings of this partition so far" }),
  }),
} as const;
