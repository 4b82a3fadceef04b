import {
  type DeadlineCursor,
  type NextDue,
  type PresentedCase,
  type Refusal,
  caseResultPage,
  listCasesQuery,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import { type Caller, type Http, callerOf, isRefusal, send } from "@crossline/service";
import type { z } from "zod";
import { type CaseFilter, findListed, lastExamined, listCases } from "../store/case-lists.ts";
import type { ReadCase } from "../store/cases.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import { duePlaceCursor, placeCursor, readDuePlaceCursor, readPlaceCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { presentCase } from "../responses/present-case.ts";
import { type VisibleCase, visibleCaseOf } from "./read-case.ts";

type Query = z.output<typeof listCasesQuery>;
type CaseResultPage = { readonly items: PresentedCase[]; readonly next?: string };
type CaseListRequest = { readonly filter: CaseFilter; readonly caller: Caller; readonly query: Query };

const timerUnavailable = refusal(
  "unavailable",
  "The timer, which has the clocks of the cases, is unreachable. Try again in a moment.",
  {
    retryAfterSeconds: 1,
  },
);

/** Serves `GET /v1/cases`, newest first or by the next deadline. */
export function serveCaseList(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/cases",
    {
      schema: {
        operationId: "listCases",
        summary: "List cases, newest first or by their next deadline",
        querystring: listCasesQuery,
        response: { 200: caseResultPage },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const caller = callerOf(request);
      await awaitEffectsBeforeRead(deps, caller, query.timeline, reply);
      const listRequest = { filter: filterOf(query, caller.party), caller, query };
      return send(
        reply,
        200,
        await (query.sort === "due" ? listByDue(deps, listRequest) : listByOpening(deps, listRequest)),
      );
    },
  );
}

function filterOf(query: Query, party: string): CaseFilter {
  const { cursor: _, limit: __, sort: ___, updatedSince, canary, ...filter } = query;
  return {
    ...filter,
    party,
    ...(updatedSince !== undefined && { updatedSince: parseInstant(updatedSince) }),
    ...(canary !== "any" && { canary: canary === "true" }),
  };
}

async function listByOpening(
  deps: RouteDeps,
  { filter, caller, query }: CaseListRequest,
): Promise<CaseResultPage | Refusal> {
  const { database } = deps;
  const { party, kind } = caller;
  const before = readPlaceCursor(query.cursor);
  if (isRefusal(before)) return before;
  const listing = { filter, isCarrier: kind === "carrier", before, limit: query.limit + 1 };
  const rows = await listCases(database, listing);
  const page = rows.slice(0, query.limit);
  const visibleCases = page.flatMap((row) => visibleCaseOf(row, party) ?? []);
  const dues = await deps.deadlines.of(
    party,
    visibleCases.filter(({ isEndedView }) => !isEndedView).map(({ state }) => state.id),
  );
  const last = rows.length > query.limit ? page.at(-1)?.state : await lastExamined(database, listing);
  return {
    items: visibleCases.map((visible) => present(visible, party, dues?.get(visible.state.id))),
    ...(last !== undefined && { next: placeCursor(last) }),
  };
}

// If too few cases of the timer's result page pass the filter, intake reads the timer's next result page. Intake reads at most
// four result pages for one request. The client's next request continues after the last result page that intake has read.
const roundsMax = 4;
const examinedAtOnce = 500;

/** Lists cases in the order in which the timer returns them. The filters apply to the states that intake has stored. */
async function listByDue(
  deps: RouteDeps,
  { filter, caller, query }: CaseListRequest,
): Promise<CaseResultPage | Refusal> {
  const { kind } = caller;
  let place = readDuePlaceCursor(query.cursor);
  if (isRefusal(place)) return place;
  if (kind === "operator") return { items: [] };
  const cases: DueCase[] = [];
  const limit = isNarrow(filter) ? examinedAtOnce : query.limit + 1;
  for (let round = 0; ; round++) {
    const request = { party: filter.party, kind, timeline: filter.timeline, limit };
    const due = await deps.deadlines.page({ ...request, ...(place !== undefined && { after: place }) });
    if (due === undefined) return timerUnavailable;
    const rows = await findListed(
      deps.database,
      filter,
      due.map(({ caseId }) => caseId),
    );
    cases.push(...inOrder(due, rows, filter.party));
    const isEnd = due.length < limit;
    place = due.at(-1) ?? place;
    if (cases.length > query.limit) place = cases[query.limit - 1]?.place;
    else if (!isEnd && round + 1 < roundsMax) continue;
    const items = cases.slice(0, query.limit).map(({ visible, nextDue }) => present(visible, filter.party, nextDue));
    const hasMore = !isEnd || cases.length > query.limit;
    return { items, ...(hasMore && place !== undefined && { next: duePlaceCursor(place) }) };
  }
}

type DueCase = { readonly place: DeadlineCursor; readonly visible: VisibleCase; readonly nextDue: NextDue };

/** Returns the cases whose current state the company may read, according to both the timer and intake. */
function inOrder(
  due: readonly (DeadlineCursor & { readonly nextDue?: NextDue | undefined })[],
  rows: readonly ReadCase[],
  party: string,
): DueCase[] {
  const byId = new Map(rows.map((row) => [row.state.id, row]));
  return due.flatMap(({ nextDue, ...place }) => {
    const row = byId.get(place.caseId);
    const visible = row && visibleCaseOf(row, party);
    return visible === undefined || visible.isEndedView || nextDue === undefined ? [] : [{ place, visible, nextDue }];
  });
}

/** Returns true if few cases may pass the filter. A filter that leaves out the cases of canaries leaves out few cases. */
function isNarrow(filter: CaseFilter): boolean {
  const { party: _, timeline: __, canary, ...filters } = filter;
  return canary === true || Object.values(filters).some((value) => value !== undefined);
}

function present({ state, at, gap }: VisibleCase, party: string, nextDue: NextDue | undefined): PresentedCase {
  return { ...presentCase(state, at, party), ...(gap && { gap }), nextDue };
}
