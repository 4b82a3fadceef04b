import type { PresentedCase } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { printJson, printRows } from "../print.ts";
import { formatDistance } from "../span.ts";

export type CaseListOptions = ApiOptions & {
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly holder?: string;
  readonly line?: string;
  readonly sort?: string;
  readonly limit: number;
  readonly timeline: string;
};

/** Runs `case list`. The verb prints a table for people, or the cases as one JSON document. */
export async function listCases(options: CaseListOptions): Promise<number> {
  const { status, severity, holder, line, sort, limit, timeline } = options;
  const client = await connectCompany(options);
  const query = { status, severity, holder, line, sort, timeline };
  const cases = await readItems<PresentedCase>(client, "/v1/cases", query, { max: limit });
  if (options.json === true) printJson(cases);
  else printRows(cases.map(toRow), "No case matches.");
  return 0;
}

function toRow({ id, carrierCaseId, severity, status, holder, nextDue, at, title }: PresentedCase) {
  return {
    case: id,
    number: carrierCaseId,
    severity,
    status,
    holder,
    "next due": nextDue === undefined ? "–" : `${nextDue.clock} ${formatDistance(at, nextDue.dueAt)}`,
    title,
  };
}
