import type { PromisePage } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { printJson, printRows } from "../print.ts";
import { formatDistance } from "../span.ts";

export type PromiseOptions = ApiOptions & {
  readonly state?: string;
  readonly by?: string;
  readonly limit: number;
  readonly timeline: string;
};

/** Runs `promises`. The verb prints the open promises first, the next due first. */
export async function showPromises(options: PromiseOptions): Promise<number> {
  const { state, by, limit, timeline } = options;
  const client = await connectCompany(options);
  const query = { state, by, timeline };
  const items = await readItems<PromisePage["items"][number]>(client, "/v1/promises", query, { max: limit });
  if (options.json === true) printJson(items);
  else {
    const now = new Date().toISOString();
    const rows = items.map(({ until, state: its, promisor, number, text, caseId, id }) => ({
      due: formatDistance(now, until),
      state: its,
      by: promisor,
      number,
      text,
      case: caseId,
      promise: id,
    }));
    printRows(rows, "No promise matches.");
  }
  return 0;
}
