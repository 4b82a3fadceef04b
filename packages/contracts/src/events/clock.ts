import { z } from "zod";
import { channel, instant, partyId } from "./vocabulary.ts";

/** The kinds of obligation that can run on a case (docs/rules/clock.md). */
export const clockKind = z.enum([
  "first-response",
  "stall.busy",
  "handling.limit",
  "stall.idle",
  "vendor.acceptance",
  "confirmation",
  "last-resort",
  "information",
  "next-update",
  "joint",
  "resolution",
  "need-by",
  "promise",
  "reply",
]);

/** The longest order that a clock fact carries, in runs. */
export const orderRunsMax = 64;

/**
 * In which order the timer applied the records of the case and the hand-off topic since its last fact of this case: lengths of
 * alternating runs, of the case topic first (`[2, 1]`: two of the case, then one of the hand-off; `[0, 1]`: one of the hand-off).
 * `cut`: there were more than 64 runs.
 */
const applicationOrder = z.union([z.literal("cut"), z.array(z.int().min(0)).max(orderRunsMax)]);

const order = applicationOrder.optional();

const firing = z.object({
  /** A hash of case, clock, incarnation and threshold: whatever is delivered how often, it takes effect once. */
  firingId: z.string(),
  clock: z.string(),
  kind: clockKind,
  /** The topic's noun and sequence of the event that started it (`case/12`), or the hand-off's id. */
  incarnation: z.string(),
  /** In % of the target: 100 is the breach. */
  threshold: z.int(),
  charged: partyId.meta({ description: "The party that owes what the clock measures" }),
  startedAt: instant,
  dueAt: instant,
  firedAt: instant,
  latenessMs: z.int().min(0).optional().meta({ description: "firedAt − dueAt, only on the wall timeline" }),
  order,
});

/** The facts of `crossline.clock.v1`: what came due, told by the timer. */
export const clockEvents = {
  "clock.warned": firing,
  "clock.breached": firing,
  /** What would have stopped the clock in time was read just after it had fired. Nothing is unfired. */
  "clock.overtaken": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    firingIds: z.array(z.string()),
    dueAt: instant,
    /** When it really happened: at or before `dueAt`. */
    happenedAt: instant,
    order,
  }),
  /** A deadline has changed: by another severity or line, a merge with a case that had an earlier one, or a correction. Nothing is unfired. */
  "clock.recomputed": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    cause: z.enum(["severity", "line", "merge", "correction"]),
    old: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
    new: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
    order,
  }),
  /** A live handling has had no sign of life for as long as its line allows: its minutes count no more until the next heartbeat. */
  "handling.silent": z.object({
    handlingId: z.string(),
    party: partyId,
    channel,
    silentSince: instant.meta({ description: "The instant up to which its minutes count" }),
    order,
  }),
} as const;

export type ApplicationOrder = z.infer<typeof applicationOrder>;
export type ClockKind = z.infer<typeof clockKind>;
