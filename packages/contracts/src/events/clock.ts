import { z } from "zod";
import { channel, instant, partyId } from "./vocabulary.ts";

/** The clock kinds (docs/rules/clock.md). */
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

/** The maximum number of runs in the list `order`. */
export const orderRunsMax = 64;

/**
 * The order in which the timer applied the records of a case since the previous clock event of the case. The list contains the
 * lengths of runs, which alternate between the case topic and the hand-off topic. `[2, 1]` means two records of the case topic,
 * then one of the hand-off topic. `[0, 1]` means one record of the hand-off topic. `cut` replaces a list with more than 64
 * runs.
 */
const applicationOrder = z.union([z.literal("cut"), z.array(z.int().min(0)).max(orderRunsMax)]);

const order = applicationOrder.optional();

const firing = z.object({
  /** A hash of case, clock, incarnation and threshold. A consumer ignores a firing whose id it has already applied. */
  firingId: z.string(),
  clock: z.string(),
  kind: clockKind,
  /**
   * The start of the clock as text: the noun of a topic and a sequence (`case/12`), or the id of a hand-off, page or promise.
   */
  incarnation: z.string(),
  /** The share of the target in percent: 100 for the breach, and less for a warning. */
  threshold: z.int(),
  charged: partyId.meta({ description: "The party that owes the obligation" }),
  startedAt: instant,
  dueAt: instant,
  firedAt: instant,
  latenessMs: z.int().min(0).optional().meta({ description: "firedAt − dueAt, only on the wall timeline" }),
  order,
});

/** The events that the timer publishes on `crossline.clock.v1`. */
export const clockEvents = {
  "clock.warned": firing,
  "clock.breached": firing,
  /** The timer read an event that would have prevented an earlier firing. The timer does not withdraw the firing. */
  "clock.overtaken": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    firingIds: z.array(z.string()),
    dueAt: instant,
    /** The time of the event that would have prevented the firing: `dueAt` or earlier. */
    happenedAt: instant,
    order,
  }),
  /**
   * A change of severity or line, a merge or a correction changed a deadline. The timer does not withdraw an earlier firing.
   */
  "clock.recomputed": z.object({
    clock: z.string(),
    kind: clockKind,
    incarnation: z.string(),
    cause: z.enum(["severity", "line", "merge", "correction"]),
    old: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
    new: z.object({ targetMs: z.int(), dueAt: instant.optional() }),
    order,
  }),
  /** The heartbeats of a live handling have stopped. The minutes of the handling do not count until the next heartbeat. */
  "handling.silent": z.object({
    handlingId: z.string(),
    party: partyId,
    channel,
    silentSince: instant.meta({ description: "The instant until which the minutes of the handling count" }),
    order,
  }),
} as const;

export type ApplicationOrder = z.infer<typeof applicationOrder>;
export type ClockKind = z.infer<typeof clockKind>;
