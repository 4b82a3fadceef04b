import { presentPosition, readPosition } from "@crossline/chassis";
import { type PromisePage, formatInstant, parseInstant, promiseListQuery, promisePage } from "@crossline/contracts";
import { readNow } from "@crossline/projection";
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
import { type PromiseRow, listPromises } from "../store/promises.ts";
import type { RouteDeps } from "./deps.ts";

const place = z.strictObject({ isOpen: z.boolean(), until: z.number(), id: z.string() });

/** Registers `GET /v1/promises`: the promises of the caller's cases, the open promises first. */
export function servePromises(http: Http, { database, authenticate, partitions }: RouteDeps): void {
  http.get(
    "/v1/promises",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "listPromises",
        summary: "List the promises of your cases, the next due first",
        tags: ["console"],
        querystring: promiseListQuery,
        response: { 200: promisePage },
      },
    },
    async (request, reply) => {
      const { timeline, state, by, dueBefore, cursor, limit } = request.query;
      const after = readCursor(cursor, place);
      if (isRefusal(after)) return send(reply, 200, after);
      setTimelineHeader(reply, timeline);
      const selection = {
        party: callerOf(request).party,
        timeline,
        now: await readNow(database, timeline),
        state,
        by,
        ...(dueBefore !== undefined && { dueBefore: parseInstant(dueBefore) }),
      };
      const rows = await listPromises(database, selection, { after, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return send(reply, 200, {
        items: shown.map(present),
        ...(last !== undefined && {
          next: writeCursor({ isOpen: last.state === "open", until: last.until, id: last.id }),
        }),
        asOf: presentPosition(await readPosition(database, partitions)),
      });
    },
  );
}

function present(row: PromiseRow): PromisePage["items"][number] {
  const { text, from, until, purpose, madeAt, endedAt, ...rest } = row;
  return {
    ...rest,
    ...(text !== null && { text }),
    ...(from !== null && { from: formatInstant(from) }),
    until: formatInstant(until),
    ...(purpose !== null && { for: purpose }),
    madeAt: formatInstant(madeAt),
    ...(endedAt !== null && { endedAt: formatInstant(endedAt) }),
  };
}
