import type { DurationMs, Instant } from "@crossline/contracts";
import { isDiallingFault } from "@crossline/domain";
import type { RetryPolicy, Schedule } from "../config.ts";
import type { AttemptResult } from "./send.ts";

/** A delivery with its earlier tries; `subscriptionId` is null for a page and for a call of the last resort. */
type TriedDelivery = { readonly subscriptionId: string | null; readonly tries: number; readonly giveUpAt: Instant };

/** What an attempt means for its delivery, its receiver's circuit, and its subscription. */
export type DeliveryVerdict = {
  readonly state: "waiting" | "delivered" | "abandoned";
  /** Only while waiting. */
  readonly dueAt?: Instant;
  /** `failed` where the receiver seems to be down; a receiver that refuses one delivery is not. */
  readonly receiver: "well" | "failed" | "refused";
  /** The receiver says that it is gone for good. */
  readonly gone: boolean;
};

const retryAfterMaxMs = { subscription: 3_600_000, lastResort: 60_000 };
const jitter = 0.2;

/** Which schedule a delivery follows. */
export function scheduleKindOf({ subscriptionId }: Pick<TriedDelivery, "subscriptionId">): keyof RetryPolicy {
  return subscriptionId === null ? "lastResort" : "subscription";
}

/** Decides by the attempt alone. `random`, from 0 to 1, spreads the retries by up to a fifth of the wait. */
export function decideDelivery(
  delivery: TriedDelivery,
  sent: AttemptResult,
  { now, policy, random }: { readonly now: Instant; readonly policy: RetryPolicy; readonly random: number },
): DeliveryVerdict {
  const status = "status" in sent ? sent.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) {
    return { state: "delivered", receiver: "well", gone: false };
  }
  const kind = scheduleKindOf(delivery);
  // A person waits for a page: what this installation never dials is given up at once, and another person is asked.
  const isHopeless = kind === "lastResort" && "error" in sent && isDiallingFault(sent.error);
  if (sent.permanent === true || isHopeless) return { state: "abandoned", receiver: "refused", gone: false };
  if (status === 410) return { state: "abandoned", receiver: "refused", gone: kind === "subscription" };
  const down = status === undefined || status >= 500 || status === 429 || status === 421;
  const receiver = down ? "failed" : "refused";
  const waitMs = policy[kind][delivery.tries];
  if (waitMs === undefined || now >= delivery.giveUpAt) return { state: "abandoned", receiver, gone: false };
  const spread = waitMs * (1 + jitter * (2 * random - 1));
  const retryAfterMs = "retryAfter" in sent ? readRetryAfter(sent.retryAfter, now) : 0;
  const dueAt = Math.round(now + Math.max(spread, Math.min(retryAfterMs, retryAfterMaxMs[kind])));
  return { state: "waiting", dueAt, receiver, gone: false };
}

/** `Retry-After` (RFC 9110, 10.2.3), seconds or a date, as milliseconds from now; 0 where it is not understood. */
export function readRetryAfter(header: string | undefined, now: Instant): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** From so many failures in a row on a receiver is left alone for a while, then tried with one delivery at a time. */
export const circuitOpensAfter = 5;
const circuitOpenMaxMs = { subscription: 300_000, lastResort: 15_000 };

/** How long a receiver is left alone after so many failures in a row: as long as the first retry waits, then doubled. */
export function circuitOpenMs(failures: number, kind: keyof RetryPolicy, policy: RetryPolicy): DurationMs {
  if (failures < circuitOpensAfter) return 0;
  const firstMs = policy[kind][0] ?? 0;
  return Math.min(circuitOpenMaxMs[kind], firstMs * 2 ** Math.min(failures - circuitOpensAfter, 16));
}

/** How long a delivery can be tried by this schedule, at most. */
export function giveUpMs(schedule: Schedule, timeoutMs: number): number {
  const tries = schedule.length + 1;
  return Math.round(schedule.reduce((sum, waitMs) => sum + waitMs, 0) * (1 + jitter)) + tries * timeoutMs + 60_000;
}
