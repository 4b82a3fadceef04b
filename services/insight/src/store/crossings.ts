import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { sqlOf } from "./optional-instant.ts";

/** The end of a hand-off. */
type CrossingOutcome = "rejected" | "lapsed" | "withdrawn" | "resolved" | "returned" | "transferred";

/** A change of a hand-off. A missing value changes nothing. */
export type CrossingChange = {
  readonly handoffId: string;
  readonly caseId: string;
  readonly vendor: string;
  readonly queue: string;
  readonly offeredAt?: Instant;
  readonly reason?: string;
  readonly claimedAt?: Instant;
  readonly acceptedAt?: Instant;
  readonly resolvedAt?: Instant;
  readonly endedAt?: Instant;
  readonly outcome?: CrossingOutcome;
  /** The code of a rejection, return or transfer. */
  readonly code?: string;
};

/** Saves the changes of hand-offs, in the order of their ids, at most one for each hand-off. Only the first claim counts. */
export async function saveCrossings(tx: Tx, changes: readonly CrossingChange[]): Promise<void> {
  if (changes.length === 0) return;
  const instants = (pick: (change: CrossingChange) => Instant | undefined) => changes.map((one) => sqlOf(pick(one)));
  await tx.query({
    name: "insight.save-crossings",
    text: `
      -- insight.save-crossings
      insert into crossing as c (handoff_id, case_id, vendor, queue, reason, outcome, code, offered_at, claimed_at,
        accepted_at, resolved_at, ended_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
      on conflict (handoff_id) do update set
        reason = coalesce(excluded.reason, c.reason), outcome = coalesce(excluded.outcome, c.outcome),
        code = coalesce(excluded.code, c.code), offered_at = coalesce(excluded.offered_at, c.offered_at),
        claimed_at = coalesce(c.claimed_at, excluded.claimed_at), accepted_at = coalesce(excluded.accepted_at, c.accepted_at),
        resolved_at = coalesce(excluded.resolved_at, c.resolved_at), ended_at = coalesce(excluded.ended_at, c.ended_at)`,
    values: [
      changes.map(({ handoffId }) => handoffId),
      changes.map(({ caseId }) => caseId),
      changes.map(({ vendor }) => vendor),
      changes.map(({ queue }) => queue),
      changes.map(({ reason }) => reason ?? null),
      changes.map(({ outcome }) => outcome ?? null),
      changes.map(({ code }) => code ?? null),
      instants(({ offeredAt }) => offeredAt),
      instants(({ claimedAt }) => claimedAt),
      instants(({ acceptedAt }) => acceptedAt),
      instants(({ resolvedAt }) => resolvedAt),
      instants(({ endedAt }) => endedAt),
    ],
  });
}
