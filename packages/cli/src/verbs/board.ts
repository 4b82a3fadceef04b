import type { BoardPage, PresentedRow } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { toTableRow } from "../console/rows.ts";
import { queryOf } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";

export type BoardOptions = ApiOptions & {
  readonly handoffs?: boolean;
  readonly queue?: string;
  readonly holder?: string;
  readonly resort?: boolean;
  readonly sort: string;
  readonly limit: number;
  readonly timeline: string;
};

/** Runs `board`. The verb prints the most urgent rows first, and the numbers of all rows by phase. */
export async function showBoard(options: BoardOptions): Promise<number> {
  const { handoffs, queue, holder, resort, sort, limit, timeline } = options;
  const client = await connectCompany(options, handoffs === true ? "desk" : "company");
  const scope = handoffs === true ? "handoffs" : "cases";
  const only = resort === true ? "true" : undefined;
  const query = queryOf({ scope, queue, holder, resort: only, sort, timeline, limit });
  const page = await client.get<BoardPage>(`/v1/board${query}`);
  if (options.json === true) printJson(page);
  else {
    const phases = Object.entries(page.counts.phase).map(([phase, count]) => `${phase} ${count}`);
    print([`${page.total} rows`, ...phases].join(" · "));
    printRows(page.items.map((row) => toTableRow(row, new Date().toISOString())));
  }
  return 0;
}

/** Runs `search TEXT`. */
export async function searchCases(text: string, options: ApiOptions & { readonly timeline: string }): Promise<number> {
  const client = await connectCompany(options);
  const query = queryOf({ q: text, timeline: options.timeline });
  const { items } = await client.get<{ readonly items: readonly PresentedRow[] }>(`/v1/search${query}`);
  if (options.json === true) printJson(items);
  else
    printRows(
      items.map((row) => toTableRow(row, new Date().toISOString())),
      "No case matches.",
    );
  return 0;
}
