import { presentPosition, readPosition } from "@crossline/chassis";
import { type BoardQuery, boardPage, boardQuery, formatInstant, parseInstant } from "@crossline/contracts";
import {
  type Http,
  authenticated,
  callerOf,
  isRefusal,
  readCursor,
  send,
  setTimelineHeader,
  writeCursor,
} from "@crossline/service";
import { z } from "zod";
import {
  type BoardCount,
  type BoardSelection,
  countBoard,
  readBoard,
  readBoardNow,
  readHead,
} from "../store/board-pages.ts";
import type { RouteDeps } from "./deps.ts";
import { presentRow } from "../streams/present-row.ts";

const place = z.strictObject({ at: z.number().nullable(), caseId: z.string() });

/** Registers `GET /v1/board`: the open cases or hand-offs of the caller in one call, most urgent first. */
export function serveBoard(http: Http, { database, authenticate, partitions }: RouteDeps): void {
  http.get(
    "/v1/board",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readBoard",
        summary: "Read your open cases or hand-offs as compact rows, the most urgent first",
        tags: ["console"],
        querystring: boardQuery,
        response: { 200: boardPage },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const after = readCursor(query.cursor, place);
      if (isRefusal(after)) return send(reply, 200, after);
      const { party } = callerOf(request);
      setTimelineHeader(reply, query.timeline);
      const selection = selectionOf(query, party);
      const page = await database.transaction(async (tx) => {
        await tx.query({ text: "-- console.one-snapshot\nset transaction isolation level repeatable read, read only" });
        const rows = await readBoard(tx, selection, query.sort, { after, limit: query.limit + 1 });
        const [counts, head] = [await countBoard(tx, selection), await readHead(tx, party)];
        return { rows, counts, head, at: await readBoardNow(tx, party, query.timeline) };
      });
      const shown = page.rows.slice(0, query.limit);
      const last = page.rows.length > shown.length ? shown.at(-1) : undefined;
      const phases = countsOf(page.counts, "phase");
      return send(reply, 200, {
        items: shown.map(presentRow),
        ...(last !== undefined && { next: writeCursor({ at: last.at, caseId: last.caseId }) }),
        total: Object.values(phases).reduce((sum, count) => sum + count, 0),
        counts: { phase: phases, severity: countsOf(page.counts, "severity"), holder: countsOf(page.counts, "holder") },
        position: page.head,
        ...(page.at !== null && { at: formatInstant(page.at) }),
        asOf: presentPosition(await readPosition(database, partitions)),
      });
    },
  );
}

function selectionOf(query: BoardQuery, party: string): BoardSelection {
  const { scope, timeline, queue, holder, carrier, phase, severity, person, model, line, dueBefore } = query;
  const filters = { queue, holder, carrier, phase, severity, person, model, line };
  return {
    ...filters,
    party,
    timeline,
    isOfHandoffs: scope === "handoffs",
    ...(dueBefore !== undefined && { dueBefore: parseInstant(dueBefore) }),
    resort: query.resort === "true",
    breached: query.breached === "true",
  };
}

function countsOf(counts: readonly BoardCount[], field: BoardCount["field"]): Record<string, number> {
  return Object.fromEntries(counts.filter((one) => one.field === field).map(({ value, count }) => [value, count]));
}
