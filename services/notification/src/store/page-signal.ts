import type { PageSignal } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

export type CasePageSignal = PageSignal & { readonly caseId: string };

/** Saves page signals. A signal replaces the stored signal of the same name only if the new signal is later. */
export async function savePageSignals(tx: Tx, signals: readonly CasePageSignal[]): Promise<void> {
  if (signals.length === 0) return;
  await tx.query({
    name: "notification.save-page-facts",
    text: `
      -- notification.save-page-facts
      insert into page_fact (case_id, name, value, topic, sequence, happened_at)
      select distinct on (1, 2) *
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
        as fact (case_id, name, value, topic, sequence, happened_at)
      order by 1, 2, 5 desc
      on conflict (case_id, name) do update
      set value = excluded.value, topic = excluded.topic, sequence = excluded.sequence, happened_at = excluded.happened_at
      where page_fact.sequence < excluded.sequence`,
    values: [
      signals.map(({ caseId }) => caseId),
      signals.map(({ name }) => name),
      signals.map(({ value }) => value),
      signals.map(({ topic }) => topic),
      signals.map(({ sequence }) => sequence),
      signals.map(({ at }) => toSql(at)),
    ],
  });
}

export async function findPageSignals(tx: Tx, caseIds: readonly string[]): Promise<CasePageSignal[]> {
  return tx.query({
    name: "notification.find-page-facts",
    text: `
      -- notification.find-page-facts
      select case_id as "caseId", name, value, topic, sequence, happened_at as at
      from page_fact where case_id = any($1::text[])`,
    values: [[...new Set(caseIds)]],
  });
}
