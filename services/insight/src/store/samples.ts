import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { type Selection, firstFree, selectedItems, selectionValues } from "./reports.ts";

/** The boundary between the two sides: an instant, or the version of a line. */
export type Boundary = { readonly date: Instant } | { readonly version: number };

/** Some counted things with the same values on one side. `other` is the second number, such as the time of the fix. */
export type SampleRow = {
  readonly isAfter: boolean;
  readonly value: number;
  readonly other: number | null;
  readonly count: number;
};

/** Returns the different values of the selected things on each side, at most `limit` rows. Things without a value are left out. */
export function readSamples(tx: Tx, selection: Selection, boundary: Boundary, limit: number): Promise<SampleRow[]> {
  const date = "date" in boundary ? toSql(boundary.date) : null;
  const version = "version" in boundary ? boundary.version : null;
  return tx.query<SampleRow>({
    text: `
      -- insight.read-samples
      ${selectedItems(selection.indicator)}
      select case when $${firstFree}::timestamptz is null then split_part(line, '@', 2)::integer >= $${firstFree + 1}::integer
          else at >= $${firstFree}::timestamptz end as "isAfter", value, other, count(*)::integer as count
      from selected where value is not null
      group by 1, 2, 3 order by 1, 2, 3 limit $${firstFree + 2}`,
    values: [...selectionValues(selection, []), date, version, limit],
  });
}
