import { z } from "zod";
import { clockKind } from "./clock.ts";
import { instant, lineRef } from "./vocabulary.ts";

/** What the auditor holds against the timer: one threshold of one incarnation of a clock. */
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
  /** Of the record on the clock topic. */
  sequence: z.int(),
  dueAt: instant,
  firedAt: instant,
};

/** The facts of `crossline.audit.v1`, told by the auditor. Keyed by case; a watermark by `watermark/<partition>`. */
export const auditEvents = {
  /** It had to fire, and was not told although everything that was published has been read and the grace is over. */
  "audit.missed": z.object({ ...threshold, dueAt: instant }),
  /** It fired too late on the wall, or after it had been reported as missed. */
  "audit.late": z.object({ ...firing, latenessMs: z.int().min(0), afterMissed: z.boolean() }),
  /** One firing under two sequences. */
  "audit.doubled": z.object(firing),
  /**
   * It fired although nothing asked for it, at an instant that is not its own, too early, or under an id that is not its own; or
   * the timer gives an order of records in which they cannot have been applied (`wrong-order`, of any clock fact).
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
  /** Records of an audited topic are missing: something that was told never arrived. */
  "audit.gap": z.object({ topic: z.string(), from: z.int(), to: z.int() }),
  /** A case runs clocks that the auditor has no rules for. */
  "audit.unaudited": z.object({
    line: lineRef,
    clocks: z.array(z.object({ clock: z.string(), kind: z.string(), reason: z.enum(["kind", "calendar"]) })),
  }),
  /** The heartbeat: everything of the wall that was due before `until` has been judged, in this partition. */
  "audit.watermark": z.object({
    partition: z.int(),
    until: instant,
    told: z
      .int()
      .meta({ description: "Firings of this partition that the auditor has compared with its own calculation so far" }),
    findings: z.int().meta({ description: "Findings of this partition so far" }),
  }),
} as const;
