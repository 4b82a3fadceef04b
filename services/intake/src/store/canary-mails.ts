import { wall } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { CanaryRow } from "./canaries.ts";
import type { DueCanary } from "./canary-steps.ts";

/** The canary of a run that sends mail. `isRunning` is false if the run has ended. */
export type CanaryOfRun = Pick<CanaryRow, "id" | "carrier" | "line"> & { readonly isRunning: boolean };

/** Returns the canary with the channel `mail` whose run in progress or last run has this id, if such a canary exists. */
export async function findCanaryOfRun(tx: Tx, runId: string): Promise<CanaryOfRun | undefined> {
  const [row] = await tx.query<CanaryOfRun>({
    text: `
      -- canary.find-of-run
      select id, carrier, line, coalesce(state->'run'->>'runId' = $1, false) as "isRunning" from canary
      where channel = 'mail' and (state->'run'->>'runId' = $1 or state->'last'->>'runId' = $1)`,
    values: [runId],
  });
  return row;
}

/** Returns true if the run of the canary opened the case. */
export async function isCaseOfRun(
  tx: Tx,
  caseId: string,
  { id, carrier }: CanaryOfRun,
  runId: string,
): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- canary.is-case-of-run
      select from case_record
      where id = $1 and timeline = $2 and carrier = $3 and carrier_case_id = $4 and canary_id = $5`,
    values: [caseId, wall, carrier, runId, id],
  });
  return rows.length > 0;
}

/** Returns the state of a canary and Postgres' time, and locks the canary until the transaction ends. */
export async function lockCanary(
  tx: Tx,
  id: string,
): Promise<Pick<DueCanary, "state" | "everyMs" | "withinMs" | "now"> | undefined> {
  const [row] = await tx.query<Pick<DueCanary, "state" | "everyMs" | "withinMs" | "now">>({
    text: `
      -- canary.lock-one
      select state, every_ms as "everyMs", within_ms as "withinMs", clock_timestamp() as now
      from canary where id = $1 for update`,
    values: [id],
  });
  return row;
}
