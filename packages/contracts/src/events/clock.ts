import { z } from "zod";
import { instant, partyId } from "./vocabulary.ts";

/** The kinds of obligation that can run on a case (domain.md 2). */
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
]);

const fired = z.object({
  /** A hash of case, clock, incarnation and threshold: whatever is delivered how often, it takes effect once. */
  firingId: z.string(),
  clock: z.string(),
  kind: clockKind,
  /** The topic's noun and sequence of the event that started it (`case/12`), or the hand-off's id. */
  incarnation: z.string(),
  /** In % of the target: 100 is the breach. */
  threshold: z.int(),
  charged: partyId.meta({ description: "The party whose obligation it is" }),
  startedAt: instant,
  dueAt: instant,
  firedAt: instant,
  latenessMs: z.int().min(0).optional().meta({ description: "firedAt − dueAt, on the wall only" }),
});

/** The facts of `crossline.clock.v1`: what came due, told by the timer. */
export const clockEvents = {
  "clock.warned": fired,
  "clock.breached": fired,
  /** What would have stopped the clock in time was read just after it had fired. Nothing is unfired. */
  "clock.overtaken": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    firingIds: z.array(z.string()),
    dueAt: instant,
    /** When it really happened: at or before `dueAt`. */
    happenedAt: instant,
  }),
  /** A deadline is another than it was: severity, line or calendar changed, or the case was merged with one that had an earlier one. Nothing is unfired. */
  "clock.recomputed": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    cause: z.enum(["severity", "line", "merge"]),
    old: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
    new: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
  }),
} as const;

export type ClockKind = z.infer<typeof clockKind>;
