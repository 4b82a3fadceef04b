import { z } from "zod";
import { skillLevel } from "../skill.ts";
import { actor, crossingMode, instant, slug } from "./vocabulary.ts";

/** The person who lacks the skill for the device of a case, and the level that the line requires. */
export const missingSkill = z.object({
  person: z.string().meta({ description: "The company's own id of the person, which no other company reads" }),
  level: skillLevel,
});

/** The fields that give the reason for a line step: a clock with its firing, a trigger, or the end of the step before. */
export const crossingCause = {
  reason: z
    .enum([
      "clock",
      "by-hand",
      "trigger",
      "lapsed",
      "rejected",
      "returned",
      "transferred",
      "opened",
      "unreachable",
      "released",
    ])
    .meta({
      description:
        "`unreachable`: the previous page reached no person. `released`: a person released the assignment to a pool",
    }),
  clock: z.string().optional(),
  trigger: z.string().optional().meta({ description: "The trigger of the line that caused the crossing" }),
  missing: missingSkill
    .optional()
    .meta({ description: "For the trigger `skill.missing`: the person without the skill. Only the carrier reads it" }),
  firingId: z.string().optional(),
  threshold: z.int().optional(),
  dueAt: instant.optional(),
  firedAt: instant.optional(),
};

const poolFields = { assignmentId: z.string(), pool: slug, actor };
/** The index of the line step, and the number of the attempt at this step, both from 0. */
const step = { step: z.int(), attempt: z.int() };

/**
 * The events of assignments to pools, on `crossline.handoff.v1`. A pool is inside the carrier: no event of a pool is a crossing
 * or changes the holder, and only the carrier reads the events.
 */
export const poolEvents = {
  /** Routing assigned the case to a pool. A certified person must claim the assignment within `acceptWithin`. */
  "pool.assigned": z.object({
    ...poolFields,
    ...step,
    mode: crossingMode,
    acceptWithin: z
      .string()
      .optional()
      .meta({ description: "ISO 8601 duration. Default: the target of the line's clock `vendor.acceptance`" }),
    ...crossingCause,
  }),
  /** A certified person claimed the assignment, or the person with the lease claimed it again. */
  "pool.claimed": z.object({ ...poolFields, leaseUntil: instant }),
  /** The assignment ended because its person released it, or because its reason is gone. */
  "pool.released": z.object({
    ...poolFields,
    reason: z.enum(["by-person", "escalated", "case-ended", "line-moved", "overtaken", "incident"]),
  }),
  /** No person claimed the assignment in time, or before another cause took the next line step. */
  "pool.lapsed": z.object(poolFields),
  /** Routing skipped the pool, because no certified person was on duty. The next line step follows at once. */
  "pool.skipped": z.object({
    pool: slug,
    actor,
    ...step,
    onDuty: z.int().meta({ description: "The number of people on duty, all of them without the skill" }),
    ...crossingCause,
  }),
} as const;

export type MissingSkill = z.infer<typeof missingSkill>;
