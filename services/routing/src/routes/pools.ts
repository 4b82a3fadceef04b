import {
  type Refusal,
  assignmentId,
  assignmentsQuery,
  formatInstant,
  pool,
  poolAssignmentPage,
  poolDocument,
  poolListQuery,
  poolParams,
  poolResultPage,
  refusal,
  slug,
} from "@crossline/contracts";
import { readNow } from "@crossline/projection";
import { type Http, callerOf, isRefusal, readCursor, send, setTimelineHeader, writeCursor } from "@crossline/service";
import { z } from "zod";
import { setPool } from "../commands/set-pool.ts";
import { listAssignments } from "../store/pool-assignments.ts";
import { type PoolRow, findPool, listPools } from "../store/pools.ts";
import type { RouteDeps } from "./deps.ts";
import { presentQueuedAssignment } from "./present-assignment.ts";
import { cursorInstant } from "./queues.ts";

const noSuchPool: Refusal = refusal("not_found", "You have no pool with this name.");
const assignmentPlace = z
  .tuple([cursorInstant, assignmentId])
  .transform(([assignedAt, id]) => ({ assignedAt, assignmentId: id }));

/** Registers the routes with which a carrier defines and reads its pools. No other company reads them. */
export function servePools(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  http.get(
    "/v1/pools",
    {
      onRequest: allow("carrier"),
      schema: {
        operationId: "listPools",
        summary: "List your pools",
        querystring: poolListQuery,
        response: { 200: poolResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const after = readCursor(cursor, slug);
      if (isRefusal(after)) return send(reply, 200, after);
      const rows = await listPools(database, callerOf(request).party, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map(presentPool);
      return send(reply, 200, { items, ...(rows.length > limit && { next: writeCursor(items.at(-1)?.pool) }) });
    },
  );
  http.get(
    "/v1/pools/:name",
    {
      onRequest: allow("carrier"),
      schema: { operationId: "readPool", summary: "Read a pool", params: poolParams, response: { 200: pool } },
    },
    async (request, reply) => {
      const row = await findPool(database, callerOf(request).party, request.params.name);
      return send(reply, 200, row === undefined ? noSuchPool : presentPool(row));
    },
  );
  http.put(
    "/v1/pools/:name",
    {
      onRequest: allow("carrier"),
      schema: {
        operationId: "setPool",
        summary: "Create a pool, or replace its document",
        refuses: ["limit_reached", "unknown_roster"],
        params: poolParams,
        body: poolDocument,
        response: { 200: pool },
      },
    },
    async (request, reply) => {
      const row = await setPool(database, callerOf(request).party, request.params.name, request.body);
      return send(reply, 200, isRefusal(row) ? row : presentPool(row));
    },
  );
  serveAssignmentList(http, deps);
}

function serveAssignmentList(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/pools/:name/assignments",
    {
      onRequest: allow("carrier"),
      schema: {
        operationId: "listPoolAssignments",
        summary: "List the open assignments of your pool with their briefs, the oldest first",
        params: poolParams,
        querystring: assignmentsQuery,
        response: { 200: poolAssignmentPage },
      },
    },
    async (request, reply) => {
      const { timeline, limit, cursor } = request.query;
      const { party } = callerOf(request);
      const { name } = request.params;
      const after = readCursor(cursor, assignmentPlace);
      if (isRefusal(after)) return send(reply, 200, after);
      if ((await findPool(database, party, name)) === undefined) return send(reply, 200, noSuchPool);
      setTimelineHeader(reply, timeline);
      const rows = await listAssignments(database, { party, pool: name, timeline, after, limit: limit + 1 });
      const present = await readNow(database, timeline);
      const listed = rows.slice(0, limit);
      const last = listed.at(-1);
      return send(reply, 200, {
        items: listed.map((row) => presentQueuedAssignment(row, present)),
        ...(rows.length > limit && last !== undefined && { next: writeCursor([last.assignedAt, last.assignmentId]) }),
      });
    },
  );
}

function presentPool({ name, document, changedAt }: PoolRow): z.infer<typeof pool> {
  return { pool: name, document, changedAt: formatInstant(changedAt) };
}
