import { type Database, now, type Tx } from "@crossline/postgres";
import { closeCircuits, lockFailures, saveCircuits } from "../store/circuit.ts";
import type { Claimed } from "../store/claim.ts";
import { moveMembers, type Outcome, saveOutcomes } from "../store/outcome.ts";
import { appendResults } from "../store/result.ts";
import { disableSubscriptions } from "../store/subscription.ts";
import type { Sent } from "../delivery/send.ts";
import { publishAbandoned, type Unheard } from "./publish-abandoned.ts";
import type { RetryPolicy } from "../config.ts";
import { judge, kindOf, leftAloneMs } from "../delivery/verdict.ts";

/** The attempts that moved their deliveries, and what of it raises the alarm. */
export type Recorded = { readonly outcomes: readonly Outcome[]; readonly unheard: Unheard };

export type Attempt = { readonly claimed: Claimed; readonly sent: Sent };

/** Writes down, in one transaction, what some attempts came to: for their deliveries, their receivers, and everybody who listens. */
export async function recordAttempts(
  database: Database,
  attempts: readonly Attempt[],
  policy: RetryPolicy,
): Promise<Recorded> {
  return database.transaction(async (tx) => {
    const moment = await now(tx);
    const outcomes = attempts.map(({ claimed, sent }) => ({
      claimed,
      sent,
      verdict: judge(claimed, sent, { now: moment, policy, random: Math.random() }),
    }));
    const gone = outcomes.filter(({ verdict }) => verdict.gone).map(({ claimed }) => claimed.target);
    if (gone.length > 0) await disableSubscriptions(tx, gone, moment);
    const moved = await saveOutcomes(tx, outcomes, moment);
    const told = outcomes.filter(({ claimed }) => moved.has(claimed.deliveryId));
    await moveCircuits(tx, told, moment, policy);
    const carrying = told.filter(({ claimed }) => claimed.bundleId !== null).map(({ claimed }) => claimed.deliveryId);
    const members = await moveMembers(tx, carrying);
    const ended = (state: "delivered" | "abandoned") => [
      ...told.filter(({ verdict }) => verdict.state === state).map(toEnded),
      ...members.filter((member) => member.state === state),
    ];
    await appendResults(tx, "notification.delivered", ended("delivered"), moment);
    return { outcomes: told, unheard: await publishAbandoned(tx, ended("abandoned"), moment) };
  });
}

function toEnded({ claimed, sent }: Outcome) {
  return { ...claimed, attempts: claimed.attempts + 1, status: "status" in sent ? sent.status : null };
}

/** One success closes a circuit: of several attempts at one receiver it is the one that tells. */
async function moveCircuits(tx: Tx, outcomes: readonly Outcome[], moment: number, policy: RetryPolicy): Promise<void> {
  const well = new Set<string>();
  const failed = new Map<string, Claimed[]>();
  for (const { claimed, verdict } of outcomes) {
    if (verdict.receiver === "well") well.add(claimed.target);
    if (verdict.receiver === "failed") failed.set(claimed.target, [...(failed.get(claimed.target) ?? []), claimed]);
  }
  for (const target of well) failed.delete(target);
  if (well.size > 0) await closeCircuits(tx, [...well]);
  if (failed.size === 0) return;
  const before = await lockFailures(tx, [...failed.keys()]);
  const circuits = [...failed].map(([target, claimed]) => {
    const failures = (before.get(target) ?? 0) + claimed.length;
    const kind = claimed[0] === undefined ? "subscription" : kindOf(claimed[0]);
    return { target, failures, openUntil: moment + leftAloneMs(failures, kind, policy) };
  });
  await saveCircuits(tx, circuits);
}
