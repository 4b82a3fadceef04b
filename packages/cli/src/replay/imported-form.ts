import { importRow } from "@crossline/contracts";
import { LogFault } from "./log-fault.ts";
import type { LogRow, MappedRow } from "./log-row.ts";

/** Returns a row in the form of `POST /v1/timelines/{id}/import`. */
export function importedForm({ caseId, time, status, person, fields }: LogRow, row: number): object {
  return {
    row,
    carrierCaseId: caseId,
    time: new Date(time).toISOString(),
    status,
    ...(person !== undefined && { person }),
    fields,
  };
}

/**
 * Returns the row with its ids in the spelling of the import, so that the expected and the observed counts use the same
 * ids. Before the first row is sent, the function throws a LogFault for a row that the import would refuse.
 */
export function checkRow(row: MappedRow, place: string): MappedRow {
  // Any valid state is enough here, because the real state follows from earlier rows.
  const status = row.status === "unchanged" ? "acknowledged" : row.status;
  const read = importRow.safeParse(importedForm({ ...row, status }, 1));
  if (read.success) {
    const { carrierCaseId: caseId, person } = read.data;
    return { ...row, caseId, ...(person !== undefined && { person }) };
  }
  const [issue] = read.error.issues;
  throw new LogFault(`${place}: the row cannot be imported, ${issue?.path.join("/") ?? ""} ${issue?.message ?? ""}`);
}
