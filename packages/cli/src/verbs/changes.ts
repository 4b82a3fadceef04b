import type { PresentedChange } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readDocument, readText, toLine } from "../document-file.ts";
import { CommandFault } from "../fault.ts";
import { readItems } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";
import { personOf } from "./case-command.ts";

export type ChangeOptions = ApiOptions & { readonly person?: string };
export type ChangeListOptions = ApiOptions & {
  readonly open?: boolean;
  readonly limit: number;
  readonly timeline: string;
};

type Receipt = { readonly company: string; readonly state: string; readonly confirmedAt?: string };
type DetailedChange = PresentedChange & { readonly receipts?: readonly Receipt[]; readonly cases: number };
type ChangedCase = {
  readonly caseId: string;
  readonly carrierCaseId: string;
  readonly status: string;
  readonly title: string;
};

const shownCasesMax = 50;

/** Runs `change list`. */
export async function listChanges(options: ChangeListOptions): Promise<number> {
  const { open, limit, timeline } = options;
  const client = await connectCompany(options);
  const query = { timeline, receipt: open === true ? "open" : undefined };
  const changes = await readItems<PresentedChange>(client, "/v1/changes", query, { max: limit });
  if (options.json === true) printJson(changes);
  else printRows(changes.map(toRow), "No change matches.");
  return 0;
}

function toRow({ id, by, startsAt, confirmBy, late, title, ...change }: PresentedChange) {
  return {
    change: id,
    by,
    starts: startsAt,
    receipt: receiptOf(change),
    "confirm by": confirmBy,
    late: late ? "late" : "",
    title,
  };
}

function receiptOf({ withdrawn, receipt, receiptCounts }: Partial<PresentedChange>): string {
  if (withdrawn !== undefined) return "withdrawn";
  if (receipt !== undefined) return receipt.state;
  if (receiptCounts === undefined) return "–";
  const { confirmed, awaited, overdue } = receiptCounts;
  return `${confirmed} of ${confirmed + awaited + overdue}`;
}

/** Runs `change show`. */
export async function showChange(id: string, options: ChangeOptions): Promise<number> {
  const client = await connectCompany(options);
  const path = `/v1/changes/${encodeURIComponent(id)}`;
  const change = await client.get<DetailedChange>(path);
  if (options.json === true) {
    printJson(change);
    return 0;
  }
  print(
    `${change.title} (${change.by}, ${change.startsAt}${change.late ? `, announced ${change.lateBy} too late` : ""})`,
  );
  print(change.description);
  if (change.mustDo !== undefined) print(`To do: ${change.mustDo}`);
  print(`Receipts until ${change.confirmBy}: ${receiptOf(change)}`);
  printRows((change.receipts ?? []).map(({ company, state, confirmedAt }) => ({ company, state, at: confirmedAt })));
  const cases = await readItems<ChangedCase>(client, `${path}/cases`, {}, { max: shownCasesMax });
  const rows = cases.map(({ caseId, carrierCaseId, status, title }) => {
    return { case: caseId, number: carrierCaseId, status, title };
  });
  printRows(rows, "No linked case.");
  return 0;
}

/** Runs `change announce`. */
export async function announceChange(file: string, options: ChangeOptions): Promise<number> {
  const read = readDocument(readText(file));
  if (!read.ok) throw new CommandFault(toLine(file, read.fault));
  const client = await connectCompany(options);
  const person = personOf(options);
  const change = await client.post<PresentedChange>("/v1/changes", {
    ...(read.value as object),
    ...(person !== undefined && { person }),
  });
  if (options.json === true) printJson(change);
  else print(`${change.id}: announced. ${receiptOf(change)} receipts; the deadline is ${change.confirmBy}.`);
  return 0;
}

/** Runs `change confirm`. */
export async function confirmChange(id: string, options: ChangeOptions): Promise<number> {
  const client = await connectCompany(options);
  const person = personOf(options);
  if (person === undefined)
    throw new CommandFault("Only a person confirms a change: add --person or set CROSSLINE_PERSON.");
  const change = await client.post<PresentedChange>(`/v1/changes/${encodeURIComponent(id)}/receipt`, { person });
  if (options.json === true) printJson(change);
  else print(`${change.id}: confirmed.`);
  return 0;
}
