import type { Instant } from "@crossline/contracts";
import type { ReportedCase } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** A case as it was before a record of the case topic changed its device or symptom. */
export type FormerDevice = { readonly before: ReportedCase; readonly at: Instant; readonly sequence: number };

/** Inserts the former values of cases. Each value has its own record, so a value exists at most once. */
export async function insertFormerDevices(tx: Tx, former: readonly FormerDevice[]): Promise<void> {
  if (former.length === 0) return;
  await tx.query({
    name: "insight.insert-former-devices",
    text: `
      -- insight.insert-former-devices
      insert into former_device (case_id, sequence, corrected_at, model, os, os_version, symptom)
      select * from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])`,
    values: [
      former.map(({ before }) => before.caseId),
      former.map(({ sequence }) => sequence),
      former.map(({ at }) => toSql(at)),
      former.map(({ before }) => before.device.model ?? null),
      former.map(({ before }) => before.device.os.name ?? null),
      former.map(({ before }) => before.device.os.version ?? null),
      former.map(({ before }) => before.symptom ?? null),
    ],
  });
}
