import { importRow } from "@crossline/contracts";
import { LogFault } from "./log-fault.ts";
import type { LogRow, MappedRow } from "./log-row.ts";

/** A row as `POST /v1/timelines/{id}/import` takes it. */
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
 * The row with its identifiers as the import spells them, so that what must come out is counted by the same ones. Refuses, before
 * anything is sent, a row that the import would refuse in the middle.
 */
export function checkRow(row: MappedRow, place: string): MappedRow {
  const status = row.status === "unchanged" ? "acknowledged" : row.status; // Which one it is follows from the rows before.
  const read = importRow.safeParse(importedForm({ ...row, status }, 1));
  if (read.success) {
    const { carrierCaseId: caseId, person } = read.data;
    return { ...row, caseId, ...(person !== undefined && { person }) };
  }
  const [issue] = read.error.issues;
  throw new LogFault(`${place}: the row cannot be imported, ${issue?.path.join("/") ?? ""} ${issue?.message ?? ""}`);
}
