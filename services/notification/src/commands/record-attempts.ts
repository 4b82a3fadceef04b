import { type Database, now, type Tx } from "@crossline/postgres";
import { closeCircuits, lockFailures, saveCircuits } from "../store/circuit.ts";
import type { ClaimedDelivery } from "../store/claim.ts";
import { moveMembers, type AttemptOutcome, type EndedDelivery, saveOutcomes } from "../store/outcome.ts";
import { appendResults } from "../store/result.ts";
import { disableSubscriptions } from "../store/subscription.ts";
import type { AttemptResult } from "../delivery/send.ts";
import { appendMailOutcomes, type MailedDelivery } from "../store/mail-outcome.ts";
import { publishAbandoned, type UnreachableAlarms } from "./publish-abandoned.ts";
import type { RetryPolicy } from "../config.ts";
import { decideDelivery, scheduleKindOf, circuitOpenMs } from "../delivery/verdict.ts";

/** The attempts that changed their deliveries, and the alarms to raise. */
export type RecordResult = { readonly outcomes: readonly AttemptOutcome[]; readonly alarms: UnreachableAlarms };

export type EndedAttempt = { readonly claimed: ClaimedDelivery; readonly result: AttemptResult };

/**
 * Saves the outcomes of attempts in one transaction. The transaction also updates deliveries, circuits and subscriptions, and
 * publishes the results.
 */
export async function recordAttempts(
  database: Database,
  attempts: readonly EndedAttempt[],
  policy: RetryPolicy,
): Promise<RecordResult> {
  return database.transaction(async (tx) => {
    const moment = await now(tx);
    const outcomes = attempts.map(({ claimed, result }) => ({
      claimed,
      result,
      verdict: decideDelivery(claimed, result, { now: moment, policy, random: Math.random() }),
    }));
    const goneTargets = outcomes.filter(({ verdict }) => verdict.gone).map(({ claimed }) => claimed.target);
    if (goneTargets.length > 0) await disableSubscriptions(tx, goneTargets, moment);
    const moved = await saveOutcomes(tx, outcomes, moment);
    const saved = outcomes.filter(({ claimed }) => moved.has(claimed.deliveryId));
    await moveCircuits(tx, saved, moment, policy);
    const carrying = saved.filter(({ claimed }) => claimed.bundleId !== null).map(({ claimed }) => claimed.deliveryId);
    const members = await moveMembers(tx, carrying);
    const ended = (state: "delivered" | "abandoned") => [
      ...saved.filter(({ verdict }) => verdict.state === state).map(toEndedDelivery),
      ...members.filter((member) => member.state === state),
    ];
    const delivered = ended("delivered");
    await appendResults(tx, "notification.delivered", delivered, moment);
    const alarms = await publishAbandoned(tx, ended("abandoned"), moment);
    await appendMailOutcomes(tx, delivered, moment);
    return { outcomes: saved, alarms };
  });
}

function toEndedDelivery({ claimed, result, verdict }: AttemptOutcome): EndedDelivery & MailedDelivery {
  const { state } = verdict;
  const attempts = claimed.attempts + 1;
  return "status" in result
    ? { ...claimed, state, attempts, status: result.status }
    : { ...claimed, state, attempts, status: null, error: result.error };
}

/** Updates circuits. One success closes the circuit of a receiver, even if other attempts in the batch failed. */
async function moveCircuits(
  tx: Tx,
  outcomes: readonly AttemptOutcome[],
  moment: number,
  policy: RetryPolicy,
): Promise<void> {
  const working = new Set<string>();
  const failed = new Map<string, ClaimedDelivery[]>();
  for (const { claimed, verdict } of outcomes) {
    if (verdict.receiver === "well") working.add(claimed.target);
    if (verdict.receiver === "failed") failed.set(claimed.target, [...(failed.get(claimed.target) ?? []), claimed]);
  }
  for (const target of working) failed.delete(target);
  if (working.size > 0) await closeCircuits(tx, [...working]);
  if (failed.size === 0) return;
  const before = await lockFailures(tx, [...failed.keys()]);
  const circuits = [...failed].map(([target, claimed]) => {
    const failures = (before.get(target) ?? 0) + claimed.length;
    const kind = claimed[0] === undefined ? "subscription" : scheduleKindOf(claimed[0]);
    return { target, failures, openUntil: moment + circuitOpenMs(failures, kind, policy) };
  });
  await saveCircuits(tx, circuits);
}
