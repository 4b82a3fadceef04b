import type { CaseCrossing, KnownError } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** A fix that solved a symptom of a model. */
export type KnownFix = {
  readonly timeline: string;
  readonly vendor: string;
  readonly symptom: string;
  readonly model: string;
  readonly fixCode: string;
};

type KnownErrorRow = KnownFix & { readonly cures: number };

const perSymptomMax = 5;

/** Reads the known errors for the symptoms and models of these cases, the most frequent fix first. */
export async function readKnownErrors(tx: Tx, cases: readonly CaseCrossing[]): Promise<readonly KnownErrorRow[]> {
  const symptoms = cases.flatMap(({ timeline, material: { symptom, device } }) =>
    symptom === undefined || device?.model === undefined ? [] : [{ timeline, symptom, model: device.model }],
  );
  if (symptoms.length === 0) return [];
  return tx.query({
    name: "routing.read-known-errors",
    text: `
      -- routing.read-known-errors
      select timeline, vendor, symptom, model, fix_code as "fixCode", cures
      from (select distinct * from unnest($1::text[], $2::text[], $3::text[]) as l (timeline, symptom, model)) as wanted
        join known_error using (timeline, symptom, model)
      order by cures desc, fix_code limit 1000`,
    values: [
      symptoms.map(({ timeline }) => timeline),
      symptoms.map(({ symptom }) => symptom),
      symptoms.map(({ model }) => model),
    ],
  });
}

/** Returns a function that selects the known errors for a brief from `rows`. */
export function knownErrorsOf(rows: readonly KnownErrorRow[], timeline: string) {
  return (vendor: string, symptom: string | undefined, model: string | undefined): readonly KnownError[] =>
    rows
      .filter(
        (row) => row.timeline === timeline && row.vendor === vendor && row.symptom === symptom && row.model === model,
      )
      .slice(0, perSymptomMax)
      .map(({ fixCode, cures }) => ({ fixCode, cures }));
}

/** Counts fixes. The statement updates rows in a fixed order, so that transactions cannot deadlock. */
export async function saveKnownFixes(tx: Tx, cures: readonly KnownFix[]): Promise<void> {
  if (cures.length === 0) return;
  await tx.query({
    name: "routing.remember-cures",
    text: `
      -- routing.remember-cures
      insert into known_error (timeline, vendor, symptom, model, fix_code, cures)
      select timeline, vendor, symptom, model, fix_code, count(*)
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as new (timeline, vendor, symptom, model, fix_code)
      group by timeline, vendor, symptom, model, fix_code
      order by timeline, vendor, symptom, model, fix_code
      on conflict (timeline, vendor, symptom, model, fix_code) do update set cures = known_error.cures + excluded.cures`,
    values: [
      cures.map(({ timeline }) => timeline),
      cures.map(({ vendor }) => vendor),
      cures.map(({ symptom }) => symptom),
      cures.map(({ model }) => model),
      cures.map(({ fixCode }) => fixCode),
    ],
  });
}
