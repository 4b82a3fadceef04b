import type { CrossingMode, HandoffPhase, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import type { HandoffChange, HandoffChanges, NewHandoff } from "./handoff-changes.ts";

/**
 * Saves changes of hand-offs. The updates run before the inserts, because a unique index allows only one open hand-off per case.
 */
export async function saveHandoffs(tx: Tx, { offered, changed }: HandoffChanges): Promise<void> {
  await Promise.all([updateHandoffs(tx, changed), insertHandoffs(tx, offered), insertQueues(tx, offered)]);
}

async function updateHandoffs(tx: Tx, changes: readonly HandoffChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: "routing.update-handoffs",
    text: `
      -- routing.update-handoffs
      update handoff set phase = changed.phase, lease_until = changed.lease_until,
        claimed_at = coalesce(changed.claimed_at, handoff.claimed_at),
        accepted_at = coalesce(changed.accepted_at, handoff.accepted_at),
        ended_at = coalesce(changed.ended_at, handoff.ended_at),
        settled_at = coalesce(changed.settled_at, handoff.settled_at),
        acceptance = coalesce(changed.acceptance::json, handoff.acceptance),
        ending = coalesce(changed.ending::json, handoff.ending),
        accept_by = coalesce(changed.accept_by, handoff.accept_by)
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
          $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[])
        as changed (handoff_id, phase, lease_until, claimed_at, accepted_at, ended_at, settled_at, acceptance, ending,
          accept_by)
      where handoff.handoff_id = changed.handoff_id`,
    values: changeColumns(changes),
  });
}

async function insertHandoffs(tx: Tx, offered: readonly NewHandoff[]): Promise<void> {
  if (offered.length === 0) return;
  await tx.query({
    name: "routing.insert-handoffs",
    text: `
      -- routing.insert-handoffs
      insert into handoff (handoff_id, phase, lease_until, claimed_at, accepted_at, ended_at, settled_at, acceptance,
        ending, accept_by, case_id, timeline, vendor, queue, mode, step, attempt, reason, offered_at, cause)
      select handoff_id, phase, lease_until, claimed_at, accepted_at, ended_at, settled_at, acceptance::json,
        ending::json, accept_by, case_id, timeline, vendor, queue, mode, step, attempt, reason, offered_at, cause::json
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
          $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::text[],
          $14::text[], $15::text[], $16::smallint[], $17::smallint[], $18::text[], $19::timestamptz[], $20::text[])
        as new (handoff_id, phase, lease_until, claimed_at, accepted_at, ended_at, settled_at, acceptance, ending,
          accept_by, case_id, timeline, vendor, queue, mode, step, attempt, reason, offered_at, cause)`,
    values: [
      ...changeColumns(offered),
      offered.map(({ caseId }) => caseId),
      offered.map(({ timeline }) => timeline),
      offered.map(({ offer }) => offer.vendor),
      offered.map(({ offer }) => offer.queue),
      offered.map(({ offer }) => offer.mode),
      offered.map(({ offer }) => offer.step),
      offered.map(({ offer }) => offer.attempt),
      offered.map(({ offer }) => offer.reason),
      offered.map(({ offeredAt }) => toSql(offeredAt)),
      offered.map(({ offer }) => jsonOrNull(causeOf(offer))),
    ],
  });
}

/** Returns the firing or the trigger that made the case cross. */
function causeOf({
  clock,
  threshold,
  dueAt,
  firedAt,
  trigger,
  missing,
}: NewHandoff["offer"]): HandoffCause | undefined {
  if (clock === undefined && trigger === undefined) return undefined;
  return { clock, threshold, dueAt, firedAt, trigger, missing };
}

function changeColumns(changes: readonly HandoffChange[]): unknown[][] {
  return [
    changes.map(({ handoffId }) => handoffId),
    changes.map(({ phase }) => phase),
    changes.map(({ leaseUntil }) => instantOrNull(leaseUntil)),
    changes.map(({ claimedAt }) => instantOrNull(claimedAt)),
    changes.map(({ acceptedAt }) => instantOrNull(acceptedAt)),
    changes.map(({ endedAt }) => instantOrNull(endedAt)),
    changes.map(({ settledAt }) => instantOrNull(settledAt)),
    changes.map(({ acceptance }) => jsonOrNull(acceptance)),
    changes.map(({ ending }) => jsonOrNull(ending)),
    changes.map(({ acceptBy }) => instantOrNull(acceptBy)),
  ];
}

async function insertQueues(tx: Tx, offered: readonly NewHandoff[]): Promise<void> {
  if (offered.length === 0) return;
  await tx.query({
    name: "routing.insert-queues",
    text: `
      -- routing.insert-queues
      insert into vendor_queue (vendor, timeline, queue)
      select distinct vendor, timeline, queue
      from unnest($1::text[], $2::text[], $3::text[]) as offered (vendor, timeline, queue)
      order by vendor, timeline, queue
      on conflict do nothing`,
    values: [
      offered.map(({ offer }) => offer.vendor),
      offered.map(({ timeline }) => timeline),
      offered.map(({ offer }) => offer.queue),
    ],
  });
}

function instantOrNull(instant: Instant | undefined): string | null {
  return instant === undefined ? null : toSql(instant);
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

type HandoffCause = Pick<NewHandoff["offer"], "clock" | "threshold" | "dueAt" | "firedAt" | "trigger" | "missing">;

export type HandoffRow = {
  readonly handoffId: string;
  readonly caseId: string;
  readonly timeline: string;
  readonly vendor: string;
  readonly queue: string;
  readonly mode: CrossingMode;
  readonly step: number;
  readonly attempt: number;
  readonly reason: string;
  readonly cause: HandoffCause | null;
  readonly phase: HandoffPhase;
  readonly offeredAt: Instant;
  readonly acceptBy: Instant | null;
  readonly claimedAt: Instant | null;
  readonly leaseUntil: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly settledAt: Instant | null;
  readonly acceptance: NonNullable<HandoffChange["acceptance"]> | null;
  readonly ending: NonNullable<HandoffChange["ending"]> | null;
};

/** The columns of a `HandoffRow`, for a select list. */
export const handoffColumns = `
        handoff.handoff_id as "handoffId", handoff.case_id as "caseId", handoff.timeline, handoff.vendor, handoff.queue,
        handoff.mode, handoff.step, handoff.attempt, handoff.reason, handoff.cause, handoff.phase, handoff.offered_at as "offeredAt",
        handoff.accept_by as "acceptBy", handoff.claimed_at as "claimedAt", handoff.lease_until as "leaseUntil",
        handoff.accepted_at as "acceptedAt", handoff.ended_at as "endedAt", handoff.settled_at as "settledAt",
        handoff.acceptance, handoff.ending`;

/**
 * Lists the hand-offs of a case in the order of their offers. If `vendor` is present, lists only the hand-offs of this vendor.
 */
export function listHandoffsOfCase(tx: Tx, caseId: string, vendor?: string): Promise<HandoffRow[]> {
  return tx.query({
    name: "routing.list-handoffs-of-case",
    text: `
      -- routing.list-handoffs-of-case
      select ${handoffColumns} from handoff
      where case_id = $1 and vendor = coalesce($2, vendor)
      order by offered_at, ended_at nulls last, step, attempt`,
    values: [caseId, vendor ?? null],
  });
}
