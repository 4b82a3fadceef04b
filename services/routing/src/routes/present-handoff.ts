import {
  type CaseHandoffs,
  type Instant,
  type QueueHandoff,
  formatDuration,
  formatInstant,
} from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingDeps,
  briefAt,
  openHandoffOf,
  phaseAt,
  returnsOf,
  timesByHolder,
  waitFor,
} from "@crossline/domain";
import type { HandoffRow } from "../store/handoffs.ts";
import type { OpenHandoff } from "../store/queues.ts";

/** Makes the brief of a case at an instant, with the known errors of the vendor that has the open hand-off. */
export function briefIn(state: CaseCrossing, at: Instant, { knownErrors }: Pick<CrossingDeps, "knownErrors">) {
  const { symptom, device } = state.material;
  const { vendor } = openHandoffOf(state) ?? {};
  return briefAt(state, at, vendor === undefined ? [] : knownErrors(vendor, symptom, device?.model));
}

/** Presents a hand-off at an instant to the vendor's desk. */
export function presentQueueHandoff(
  row: OpenHandoff,
  present: Instant,
  deps: Pick<CrossingDeps, "knownErrors">,
): QueueHandoff {
  const { handoffId, caseId, timeline, queue, mode, leaseUntil, asOf } = row;
  const state = asOf?.state ?? row.state;
  const at = asOf?.at ?? Math.max(present, state.lastEventAt);
  const phase = phaseAt(asOf === null ? row : rowAsOf(row, at), at);
  // During an information request the vendor's clock is paused, so there is no deadline.
  const isAwaited = row.phase === "offered" || row.phase === "claimed";
  const isCurrent = "handoff" in state.waits && state.waits.handoff.id === handoffId;
  return {
    handoffId,
    caseId,
    timeline,
    queue,
    mode,
    phase,
    offeredAt: formatInstant(row.offeredAt),
    age: ageOf(row.offeredAt, row.endedAt ?? at),
    ...(isAwaited && instantsOf({ acceptBy: row.acceptBy })),
    ...((phase === "claimed" || phase === "info-requested") && instantsOf({ leaseUntil })),
    ...instantsOf({ endedAt: row.endedAt }),
    ...(isCurrent && { brief: briefIn(state, at, deps) }),
  };
}

/** Returns a hand-off as of an instant. The result omits a confirmation or reopening after the instant. */
export function rowAsOf<Row extends HandoffRow>(row: Row, at: Instant): Row {
  const isSettledLater = row.settledAt !== null && row.settledAt > at;
  return isSettledLater ? { ...row, phase: "resolved", settledAt: null } : row;
}

/** Returns the time between two instants as a duration in whole seconds. */
export function ageOf(from: Instant, to: Instant): string {
  return formatDuration(Math.floor(Math.max(0, to - from) / 1_000) * 1_000);
}

/**
 * Returns a hand-off as a company reads it. Only the carrier reads the person who lacks a skill.
 */
export function causeFor(isCarrier: boolean, { cause }: Pick<HandoffRow, "cause">): HandoffRow["cause"] {
  if (cause === null || isCarrier) return cause;
  const { missing: _, ...rest } = cause;
  return rest;
}

/** Presents the hand-offs of a case to a company of the case. */
export function presentCaseHandoffs(state: CaseCrossing, rows: readonly HandoffRow[], present: Instant): CaseHandoffs {
  const { caseId, timeline, carrier, holder } = state;
  const at = Math.max(present, state.lastEventAt);
  const calling = waitFor(state, "last-resort");
  return {
    caseId,
    timeline,
    carrier,
    holder,
    timesByHolder: { ...timesByHolder(state, at) },
    returns: returnsOf(state),
    ...(calling !== undefined && { lastResort: { calls: calling.call } }),
    handoffs: rows.map((row) => ({
      handoffId: row.handoffId,
      vendor: row.vendor,
      queue: row.queue,
      mode: row.mode,
      step: row.step,
      attempt: row.attempt,
      reason: row.reason,
      ...(row.cause !== null && { cause: row.cause }),
      phase: phaseAt(row, at),
      offeredAt: formatInstant(row.offeredAt),
      ...instantsOf({
        acceptBy: row.acceptBy,
        claimedAt: row.claimedAt,
        acceptedAt: row.acceptedAt,
        endedAt: row.endedAt,
        settledAt: row.settledAt,
      }),
      ...(row.acceptance !== null && { acceptance: row.acceptance }),
      ...(row.ending !== null && { ending: row.ending }),
    })),
  };
}

/** Formats the instants that are not null. */
export function instantsOf<Name extends string>(given: Record<Name, Instant | null>): Partial<Record<Name, string>> {
  const present = Object.entries<Instant | null>(given).filter((entry): entry is [Name, Instant] => entry[1] !== null);
  return Object.fromEntries(present.map(([name, at]) => [name, formatInstant(at)])) as Partial<Record<Name, string>>;
}
