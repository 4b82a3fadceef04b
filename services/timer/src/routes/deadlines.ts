import {
  deadlineResultPage,
  deadlineResultPageRequest,
  deadlines,
  deadlinesRequest,
  formatInstant,
} from "@crossline/contracts";
import { type CaseClocks, customerDue, nextBreach } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly } from "@crossline/service";
import type { Lines } from "../store/lines.ts";
import { pageByBreach, readOwnCases } from "../store/deadlines.ts";

export type DeadlineRouteDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly internalKey: string;
};

/**
 * Registers three internal routes for intake. `/internal/deadlines` returns `nextDue` of given cases. `/internal/deadlines/customer`
 * returns the deadline of the next answer to the customer of each given case. `/internal/deadlines/page` returns a company's cases in the
 * order of their deadlines.
 */
export function serveDeadlines(http: Http, { database, lines, internalKey }: DeadlineRouteDeps): void {
  const onRequest = internalOnly(internalKey);
  http.post(
    "/internal/deadlines",
    { onRequest, schema: { hide: true, body: deadlinesRequest, response: { 200: deadlines } } },
    async (request) => {
      const { party, caseIds } = request.body;
      const cases = await readOwnCases(database, lines, party, caseIds);
      return { items: cases.flatMap((state) => toDeadline(state, lines)) };
    },
  );
  http.post(
    "/internal/deadlines/customer",
    { onRequest, schema: { hide: true, body: deadlinesRequest, response: { 200: deadlines } } },
    async (request) => {
      const { party, caseIds } = request.body;
      const cases = await readOwnCases(database, lines, party, caseIds);
      return { items: cases.flatMap((state) => toDeadline(state, lines, customerDue)) };
    },
  );
  http.post(
    "/internal/deadlines/page",
    { onRequest, schema: { hide: true, body: deadlineResultPageRequest, response: { 200: deadlineResultPage } } },
    async (request) => {
      const placed = await pageByBreach(database, lines, request.body);
      const items = placed.map(({ place, state }) => {
        const [own] = state === undefined ? [] : toDeadline(state, lines);
        return own === undefined ? place : { ...place, nextDue: own.nextDue };
      });
      return { items };
    },
  );
}

function toDeadline(state: CaseClocks, lines: Lines, find: typeof nextBreach = nextBreach) {
  const next = find(state, lines.get(state.line));
  if (next === undefined) return [];
  const { name, kind, charged } = next.clock;
  return [{ caseId: state.caseId, nextDue: { clock: name, kind, dueAt: formatInstant(next.at), charged } }];
}
