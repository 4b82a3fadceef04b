import type { ClockHistoryResponse, JournalPage } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { findCase } from "../case/find-case.ts";
import { connectCompany } from "../connection.ts";
import { queryOf } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";
import { formatSpan } from "../span.ts";

/** Runs `case journal ID`. The verb prints every fact that the company may read, with its words. */
export async function showJournal(id: string, options: ApiOptions): Promise<number> {
  const client = await connectCompany(options);
  const found = await findCase(client, id);
  const items: JournalPage["items"][number][] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: JournalPage = await client.get(`/v1/cases/${found.id}/journal${queryOf({ after, limit: 100 })}`);
    items.push(...page.items);
    after = page.next;
  }
  if (options.json === true) printJson(items);
  else printRows(items.map(({ number, at, text, data }) => ({ no: number, at, fact: text, words: wordsOf(data) })));
  return 0;
}

function wordsOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const fields = ["text", "note", "question", "answer", "outcome", "evidence", "rootCause", "nextStep"];
  return fields.map((name) => data[name]).find((value): value is string => typeof value === "string");
}

/** Runs `case clocks ID`. The verb prints every clock that the case has had, also as of an earlier instant. */
export async function showClocks(id: string, options: ApiOptions & { readonly at?: string }): Promise<number> {
  const client = await connectCompany(options);
  const found = await findCase(client, id);
  const history = await client.get<ClockHistoryResponse>(
    `/v1/cases/${found.id}/clock-history${queryOf({ at: options.at })}`,
  );
  if (options.json === true) printJson(history);
  else {
    print(`${found.carrierCaseId} at ${history.at}: ${history.status}, held by ${history.holder}`);
    printRows(
      history.clocks.map(({ clock, state, charged, startedAt, startedBy, endedAt, endedBy, countedMs, targetMs }) => ({
        clock,
        state,
        charged,
        counted: `${formatSpan(countedMs)} of ${formatSpan(targetMs)}`,
        started: `${startedAt} ${startedBy.type}`,
        ended: endedAt === undefined ? undefined : `${endedAt} ${endedBy?.type ?? ""}`.trim(),
      })),
    );
  }
  return 0;
}
