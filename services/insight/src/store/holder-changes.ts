import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A change of the holder of a case, or of its end. A missing value changes nothing. */
export type HolderChange = {
  readonly caseId: string;
  readonly at: Instant;
  readonly sequence: number;
  /** True for a record of the hand-off topic, and false for a record of the case topic. */
  readonly isOfHandoff: boolean;
  /** A vendor, or an empty text for the carrier. */
  readonly holder?: string;
  readonly isEnded?: boolean;
};

/** Inserts changes. Each change has its own record, so a change exists at most once. */
export async function insertHolderChanges(tx: Tx, changes: readonly HolderChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: "insight.insert-holder-changes",
    text: `
      -- insight.insert-holder-changes
      insert into holder_change (case_id, is_of_handoff, sequence, at, holder, is_ended)
      select * from unnest($1::text[], $2::boolean[], $3::integer[], $4::timestamptz[], $5::text[], $6::boolean[])`,
    values: [
      changes.map(({ caseId }) => caseId),
      changes.map(({ isOfHandoff }) => isOfHandoff),
      changes.map(({ sequence }) => sequence),
      changes.map(({ at }) => toSql(at)),
      changes.map(({ holder }) => holder ?? null),
      changes.map(({ isEnded }) => isEnded ?? null),
    ],
  });
}
