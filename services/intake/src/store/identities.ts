import type { Instant } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** An identity of the device or customer of a case, as a hash. */
export type IdentityRow = {
  readonly timeline: string;
  readonly carrier: string;
  readonly caseId: string;
  readonly identity: string;
  readonly ofDevice: boolean;
};

/** Inserts the identities of cases that this transaction opens. All rows are new, so the statement checks no conflicts. */
export async function insertFirstIdentities(tx: Tx, rows: readonly IdentityRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "case-identity.insert-first",
    text: `
      -- case-identity.insert-first
      insert into case_identity (timeline, identity, carrier, case_id, of_device)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])`,
    values: columnsOf(rows),
  });
}

/** Inserts identities, and skips each identity that a case already has. */
export async function insertIdentities(tx: Tx, rows: readonly IdentityRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "case-identity.insert",
    text: `
      -- case-identity.insert
      insert into case_identity (timeline, identity, carrier, case_id, of_device)
      select distinct * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])
        as new (timeline, identity, carrier, case_id, of_device)
      order by 1, 2, 3, 4
      on conflict do nothing`,
    values: columnsOf(rows),
  });
}

/** Deletes the device identities of cases. The identities of the customer stay. */
export async function removeDevices(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await tx.query({
    text: `
      -- case-identity.remove-devices
      delete from case_identity where case_id = any($1::text[]) and of_device`,
    values: [caseIds],
  });
}

function columnsOf(rows: readonly IdentityRow[]): unknown[] {
  return [
    rows.map(({ timeline }) => timeline),
    rows.map(({ identity }) => identity),
    rows.map(({ carrier }) => carrier),
    rows.map(({ caseId }) => caseId),
    rows.map(({ ofDevice }) => ofDevice),
  ];
}

/** A case that was found by an identity, with the mark of its timeline and Postgres' time. */
export type CaseOfDevice = { readonly state: CaseState; readonly mark: Instant | null; readonly now: Instant };

/**
 * Returns at most 20 cases of a device or customer that the party may read, newest first. A carrier gets its own cases. A vendor gets
 * the cases that crossed to it.
 */
export function findCasesOf(
  tx: Tx,
  { timeline, party, identities }: { timeline: string; party: string; identities: readonly string[] },
): Promise<CaseOfDevice[]> {
  return tx.query({
    text: `
      -- case-identity.find-cases
      select c.state, t.mark, clock_timestamp() as now
      from case_record c left join timeline t on t.id = $1
      where c.id in (
          select i.case_id from case_identity i join case_party p on p.case_id = i.case_id and p.party = $2
          where i.timeline = $1 and i.identity = any($3::text[])
        )
      order by c.opened_at desc limit 20`,
    values: [timeline, party, identities],
  });
}

/**
 * Returns the 20 newest open cases of a device, over all carriers. Locks the returned cases against changes until the transaction ends.
 */
export async function lockOpenCasesOf(
  tx: Tx,
  { timeline, identities }: { readonly timeline: string; readonly identities: readonly string[] },
): Promise<CaseState[]> {
  const rows = await tx.query<{ state: CaseState }>({
    text: `
      -- case-identity.hold-cases
      select c.state from case_record c
      where c.id in (
          select r.id from case_record r join case_identity i on i.case_id = r.id
          where i.timeline = $1 and i.identity = any($2::text[])
            and r.status not in ('closed', 'rejected', 'cancelled')
          order by r.opened_at desc limit 20
        )
      order by c.id for share`,
    values: [timeline, identities],
  });
  return rows.map(({ state }) => state);
}

/**
 * Takes an advisory lock on each identity until the transaction ends. Every transaction takes these locks in the same order, so no
 * deadlock can arise.
 */
export async function lockIdentities(tx: Tx, timeline: string, identities: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- case-identity.lock
      select pg_advisory_xact_lock(hashtextextended(current_schema() || $1 || identity, 0))
      from (select identity from unnest($2::text[]) as i (identity) order by identity) as ordered`,
    values: [timeline, identities],
  });
}
