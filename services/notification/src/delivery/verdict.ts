import type { DurationMs, Instant } from "@crossline/contracts";
import { isDiallingFault } from "@crossline/domain";
import type { RetryPolicy, Schedule } from "../config.ts";
import type { AttemptResult } from "./send.ts";

/**
 * The fields that choose the retry schedule of a delivery. `subscriptionId` is null for a page, for a call of the last resort, and
 * for an outbound message.
 */
type ScheduledDelivery = { readonly subscriptionId: string | null; readonly outboundMessageId: string | null };

/** A delivery with the number of its attempts so far. */
type TriedDelivery = ScheduledDelivery & { readonly tries: number; readonly giveUpAt: Instant };

/** The effect of an attempt on the delivery, on the circuit of the receiver, and on the subscription. */
export type DeliveryVerdict = {
  readonly state: "waiting" | "delivered" | "abandoned";
  /** The instant of the next attempt, only in the state `waiting`. */
  readonly dueAt?: Instant;
  /** `failed` if the receiver seems to be down. A receiver that refuses one delivery is not down. */
  readonly receiver: "well" | "failed" | "refused";
  /** The receiver returned 410, which ends the subscription. */
  readonly gone: boolean;
};

const retryAfterMaxMs = { subscription: 3_600_000, lastResort: 60_000 };
const jitter = 0.2;

/** Returns the name of the retry schedule of a delivery. An outbound message can wait for hours, as an event can. */
export function scheduleKindOf({ subscriptionId, outboundMessageId }: ScheduledDelivery): keyof RetryPolicy {
  return subscriptionId === null && outboundMessageId === null ? "lastResort" : "subscription";
}

/** Decides the effect of an attempt. `random`, from 0 to 1, changes the wait before a retry by up to a fifth. */
export function decideDelivery(
  delivery: TriedDelivery,
  result: AttemptResult,
  { now, policy, random }: { readonly now: Instant; readonly policy: RetryPolicy; readonly random: number },
): DeliveryVerdict {
  const status = "status" in result ? result.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) {
    return { state: "delivered", receiver: "well", gone: false };
  }
  const kind = scheduleKindOf(delivery);
  // If this installation cannot use the address of a page, notification abandons the delivery at once, so that routing can react.
  const isHopeless = kind === "lastResort" && "error" in result && isDiallingFault(result.error);
  if (result.permanent === true || isHopeless) return { state: "abandoned", receiver: "refused", gone: false };
  if (status === 410) return { state: "abandoned", receiver: "refused", gone: kind === "subscription" };
  const down = status === undefined || status >= 500 || status === 429 || status === 421;
  const receiver = down ? "failed" : "refused";
  const waitMs = policy[kind][delivery.tries];
  if (waitMs === undefined || now >= delivery.giveUpAt) return { state: "abandoned", receiver, gone: false };
  const spread = waitMs * (1 + jitter * (2 * random - 1));
  const retryAfterMs = "retryAfter" in result ? readRetryAfter(result.retryAfter, now) : 0;
  const dueAt = Math.round(now + Math.max(spread, Math.min(retryAfterMs, retryAfterMaxMs[kind])));
  return { state: "waiting", dueAt, receiver, gone: false };
}

/**
 * Returns the wait in milliseconds that a `Retry-After` header requests (RFC 9110, 10.2.3). The header contains seconds or a
 * date. Returns 0 if the header is missing or invalid.
 */
export function readRetryAfter(header: string | undefined, now: Instant): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/**
 * The number of consecutive failures that opens a circuit. After the time of an open circuit, the receiver gets one delivery at a
 * time until one succeeds.
 */
export const circuitOpensAfter = 5;
const circuitOpenMaxMs = { subscription: 300_000, lastResort: 15_000 };

/**
 * Returns the milliseconds for which a circuit stays open. At the fifth failure, the result is the first pause of the schedule.
 * Each further failure doubles the result, up to a limit.
 */
export function circuitOpenMs(failures: number, kind: keyof RetryPolicy, policy: RetryPolicy): DurationMs {
  if (failures < circuitOpensAfter) return 0;
  const firstMs = policy[kind][0] ?? 0;
  return Math.min(circuitOpenMaxMs[kind], firstMs * 2 ** Math.min(failures - circuitOpensAfter, 16));
}

/** Returns the maximum time in milliseconds from the first to the last attempt of this schedule. */
export function giveUpMs(schedule: Schedule, timeoutMs: number): number {
  const tries = schedule.length + 1;
  return Math.round(schedule.reduce((sum, waitMs) => sum + waitMs, 0) * (1 + jitter)) + tries * timeoutMs + 60_000;
}
