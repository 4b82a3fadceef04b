import type { DurationMs, Instant } from "@crossline/contracts";
import type { CanaryState } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** A stored canary. `sealedKey` is the encrypted API key of the canary. */
export type CanaryRow = {
  readonly id: string;
  readonly carrier: string;
  readonly line: string;
  readonly channel: "web" | "mail";
  readonly everyMs: DurationMs;
  readonly withinMs: DurationMs;
  readonly keyId: string;
  readonly sealedKey: string;
  readonly state: CanaryState;
  readonly acknowledgedAt: Instant | null;
};

const columns = `id, carrier, line, channel, every_ms as "everyMs", within_ms as "withinMs", key_id as "keyId",
        sealed_key as "sealedKey", state, acknowledged_at as "acknowledgedAt"`;

/** Returns the canaries of a carrier, ordered by line and channel. */
export function listCanaries(tx: Tx, carrier: string): Promise<CanaryRow[]> {
  return tx.query({
    text: `
      -- canary.list
      select ${columns} from canary where carrier = $1 order by line, channel`,
    values: [carrier],
  });
}

/** Returns the canaries of a carrier and locks them until the transaction ends. */
export function lockCanaries(tx: Tx, carrier: string): Promise<CanaryRow[]> {
  return tx.query({
    text: `
      -- canary.lock
      select ${columns} from canary where carrier = $1 order by id for update`,
    values: [carrier],
  });
}

/** Inserts a canary whose first run is due at `createdAt`. */
export async function insertCanary(
  tx: Tx,
  { createdAt, ...row }: Omit<CanaryRow, "acknowledgedAt"> & { readonly createdAt: Instant },
): Promise<void> {
  const { id, carrier, line, channel, everyMs, withinMs, keyId, sealedKey, state } = row;
  await tx.query({
    text: `
      -- canary.insert
      insert into canary (id, carrier, line, channel, every_ms, within_ms, key_id, sealed_key, state, running, due_at,
        step_at, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9::json, false, $10::timestamptz, $10::timestamptz, $10::timestamptz)`,
    values: [id, carrier, line, channel, everyMs, withinMs, keyId, sealedKey, JSON.stringify(state), toSql(createdAt)],
  });
}

/** Saves the plan, the key and the next run of a canary that this transaction has locked. */
export async function updatePlan(tx: Tx, row: CanaryRow): Promise<void> {
  const { id, everyMs, withinMs, keyId, sealedKey, state } = row;
  await tx.query({
    text: `
      -- canary.update-plan
      update canary set every_ms = $2, within_ms = $3, key_id = $4, sealed_key = $5, state = $6::json,
        due_at = $7::timestamptz, step_at = least(step_at, $7::timestamptz)
      where id = $1`,
    values: [id, everyMs, withinMs, keyId, sealedKey, JSON.stringify(state), toSql(state.dueAt)],
  });
}

/** Deletes canaries. */
export async function deleteCanaries(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query({
    text: `
      -- canary.delete
      delete from canary where id = any($1::text[])`,
    values: [ids],
  });
}

/** Returns the canary to which an API key belongs, if such a canary exists. */
export async function findCanaryOfKey(tx: Tx, keyId: string): Promise<Pick<CanaryRow, "id" | "line"> | undefined> {
  const [row] = await tx.query<Pick<CanaryRow, "id" | "line">>({
    text: `
      -- canary.find-of-key
      select id, line from canary where key_id = $1`,
    values: [keyId],
  });
  return row;
}

/** Returns true if the canary to which an API key belongs opened the case. */
export async function hasOpened(tx: Tx, keyId: string, caseId: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- canary.has-opened
      select from canary join case_record on case_record.canary_id = canary.id
      where canary.key_id = $1 and case_record.id = $2`,
    values: [keyId, caseId],
  });
  return rows.length > 0;
}
