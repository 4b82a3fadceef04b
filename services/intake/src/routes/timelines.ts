import {
  type CreateTimelineRequest,
  type Refusal,
  advanceRequest,
  advanceResponse,
  createTimelineRequest,
  endTimelineRequest,
  formatInstant,
  newId,
  parseInstant,
  presentedTimeline,
  refusal,
  timelineId,
  timelineListQuery,
  timelineResultPage,
  timelineKind,
  wall,
} from "@crossline/contracts";
import { withIdempotency } from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type Caller, type Http, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import {
  type TimelineRow,
  findTimeline,
  insertTimeline,
  listTimelines,
  lockTimeline,
  tryLockImport,
} from "../store/timelines.ts";
import { advance } from "../timelines/advance.ts";
import { takeLock } from "../timelines/scheduler.ts";
import { moveMark } from "../timelines/move-mark.ts";
import { removeImport } from "../commands/remove-import.ts";
import { mayUse, presentTimeline, presentedWall } from "./present-timeline.ts";
import type { RouteDeps } from "./deps.ts";
import { idempotencyOf, markReplayed } from "./post-request.ts";

export const timelineParams = z.object({ id: z.string().meta({ description: "The timeline's id" }) });

const advanceWithinMs = 55_000;

/** Serves the routes that create, read, list, advance, end and remove timelines. */
export function serveTimelines(http: Http, deps: RouteDeps): void {
  const { database, partitions, onCommitted } = deps;

  http.post(
    "/v1/timelines",
    {
      schema: {
        operationId: "createTimeline",
        summary: "Create a timeline",
        refuses: ["forbidden"],
        body: createTimelineRequest,
        response: { 201: presentedTimeline },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const refused = refuseCreation(caller, request.body);
      if (refused !== undefined) return refuse(reply, refused);
      const key = idempotencyOf(request, request.body);
      if (isRefusal(key)) return send(reply, 201, key);
      const outcome = await withIdempotency(database, key, async (tx) => ({
        status: 201,
        body: presentTimeline(await create(tx, caller.party, request.body, partitions)),
      }));
      onCommitted();
      markReplayed(reply, outcome);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );

  http.get(
    "/v1/timelines/:id",
    {
      schema: {
        operationId: "readTimeline",
        summary: "Read a timeline",
        params: timelineParams,
        response: { 200: presentedTimeline },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (id === wall) return send(reply, 200, presentedWall);
      const found = await findUsable(database, id, callerOf(request));
      return send(reply, 200, isRefusal(found) ? found : presentTimeline(found));
    },
  );

  serveList(http, deps);
  serveAdvance(http, deps);
  serveRemoval(http, deps);
  serveEnd(http, deps);
}

function serveEnd(http: Http, { database, partitions, onCommitted }: RouteDeps): void {
  http.post(
    "/v1/timelines/:id/end",
    {
      schema: {
        operationId: "endTimeline",
        summary: "End an import",
        refuses: ["forbidden", "import_in_progress", "timeline_ended", "too_early"],
        params: timelineParams,
        body: endTimelineRequest,
        response: { 200: presentedTimeline },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findOwned(database, id, callerOf(request), "import");
      if (isRefusal(found)) return send(reply, 200, found);
      const key = idempotencyOf(request, request.body, id);
      if (isRefusal(key)) return send(reply, 200, key);
      const mark = parseInstant(request.body.mark);
      const outcome = await withIdempotency(database, key, async (tx) => {
        const ended = await endImport(tx, id, mark, partitions);
        return isRefusal(ended) ? ended : { status: 200, body: presentTimeline(ended) };
      });
      onCommitted();
      markReplayed(reply, outcome);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function serveList(http: Http, { database }: RouteDeps): void {
  http.get(
    "/v1/timelines",
    {
      schema: {
        operationId: "listTimelines",
        summary: "List the timelines that you can use, by id",
        querystring: timelineListQuery,
        response: { 200: timelineResultPage },
      },
    },
    async (request, reply) => {
      const { cursor: after = "", limit, owner } = request.query;
      const { party, kind } = callerOf(request);
      const filter = { after, limit: limit + 1, party: kind === "operator" ? undefined : party, owner };
      const rows = await listTimelines(database, filter);
      const items = rows.slice(0, limit).map(presentTimeline);
      const last = items.at(-1);
      return send(reply, 200, { items, ...(rows.length > limit && last !== undefined && { next: last.id }) });
    },
  );
}

function serveRemoval(http: Http, { database, partitions, onCommitted, onRemoved }: RouteDeps): void {
  http.delete(
    "/v1/timelines/:id",
    {
      schema: {
        operationId: "removeTimeline",
        summary: "Remove an import",
        refuses: ["forbidden", "import_in_progress"],
        description:
          "After the response, all services soon delete the import's cases, its own line and all other rows of the import. The records of the import stay on the topics.",
        params: timelineParams,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findRemovable(database, id, callerOf(request));
      if (isRefusal(found)) return refuse(reply, found);
      const refused = await database.transaction((tx) => removeImport(tx, id, partitions));
      if (refused !== undefined) return refuse(reply, refused);
      onCommitted();
      onRemoved();
      return reply.code(204).send();
    },
  );
}

function serveAdvance(http: Http, deps: RouteDeps): void {
  const { database, scheduler } = deps;
  http.post(
    "/v1/timelines/:id/advance",
    {
      schema: {
        operationId: "advanceTimeline",
        summary: "Advance a stepped timeline to an instant",
        refuses: ["forbidden", "not_quiet", "timeline_broken", "too_early"],
        params: timelineParams,
        body: advanceRequest,
        response: { 200: advanceResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findOwned(database, id, callerOf(request), "stepped");
      if (isRefusal(found)) return send(reply, 200, found);
      const key = idempotencyOf(request, request.body, id);
      if (isRefusal(key)) return send(reply, 200, key);
      const to = parseInstant(request.body.to);
      const deadline = performance.now() + advanceWithinMs;
      const run = { timeline: id, to, steps: 0 };
      const outcome = await scheduler.runAlone({ timeline: id, party: found.owner, deadline }, (place) =>
        withIdempotency(database, key, async (tx) => {
          const locked = await takeLock(tx, id, place);
          if (locked !== undefined) return locked;
          const done = await advance(deps, run, place);
          return isRefusal(done) ? done : { status: 200, body: { ...done, mark: formatInstant(done.mark) } };
        }),
      );
      markReplayed(reply, outcome);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function refuseCreation({ kind }: Caller, body: CreateTimelineRequest): Refusal | undefined {
  if (kind === "vendor") return refusal("forbidden", "Only a carrier or the operator can create a timeline.");
  if (kind === "operator" && body.kind === "import")
    return refusal("forbidden", "An import contains a carrier's own cases, so only a carrier can create an import.");
  if (kind === "carrier" && body.kind === "stepped" && body.parties !== undefined) {
    const fields = [{ at: "/parties", message: "must be absent, because only its owner can use a carrier's timeline" }];
    return refusal("invalid_request", "Only the operator can name the parties of a timeline.", { fields });
  }
  return undefined;
}

async function create(tx: Tx, owner: string, body: CreateTimelineRequest, partitions: number): Promise<TimelineRow> {
  const blank = { marks: 0, importedRows: 0, latestAt: null, endedAt: null };
  if (body.kind === "import") {
    const row = { ...blank, id: newId("imp"), owner, parties: null, mark: null };
    await insertTimeline(tx, row);
    return row;
  }
  const mark = body.start === undefined ? await now(tx) : parseInstant(body.start);
  const row = { ...blank, id: newId("stp"), owner, parties: body.parties ?? null, mark };
  await insertTimeline(tx, row);
  // The first mark publishes the new stepped timeline to the other services.
  await moveMark(tx, row, mark, { partitions });
  return row;
}

/** Ends an import at `mark`, so that the timer fires all thresholds that were due until `mark`. */
async function endImport(tx: Tx, id: string, mark: number, partitions: number): Promise<TimelineRow | Refusal> {
  if (!(await tryLockImport(tx, id, "transaction"))) {
    return refusal("import_in_progress", "An import into this timeline is running. Wait until it has ended.");
  }
  const row = await lockTimeline(tx, id);
  if (row === undefined) return unknownTimeline;
  if (row.endedAt !== null) return refuseEnded(row);
  if (row.latestAt !== null && mark < row.latestAt) {
    const message = `must not be before the last row, ${formatInstant(row.latestAt)}`;
    return refusal("too_early", `The mark ${message}.`, { fields: [{ at: "/mark", message }] });
  }
  await moveMark(tx, row, mark, { partitions, ended: true });
  return { ...row, mark, endedAt: await now(tx) };
}

/** Returns the refusal of a change to an import that has ended. */
export function refuseEnded({ mark }: TimelineRow): Refusal {
  const where = mark === null ? "" : ` at the mark ${formatInstant(mark)}`;
  return refusal("timeline_ended", `This import has ended${where}.`);
}

export const unknownTimeline = refusal("not_found", "You have no timeline with this id.");

/** Returns a timeline that the caller may read, or a refusal. */
async function findUsable(database: Database, id: string, { party, kind }: Caller): Promise<TimelineRow | Refusal> {
  const row = timelineId.safeParse(id).success ? await findTimeline(database, id) : undefined;
  return row !== undefined && (kind === "operator" || mayUse(row, party)) ? row : unknownTimeline;
}

/** Returns a timeline of the given kind that the caller owns, or a refusal. */
export async function findOwned(
  database: Database,
  id: string,
  caller: Caller,
  kind: "stepped" | "import",
): Promise<TimelineRow | Refusal> {
  if (id === wall) return refuseKind(id, kind);
  const row = await findUsable(database, id, caller);
  if (isRefusal(row)) return row;
  if (row.owner !== caller.party) return refusal("forbidden", "Only the owner of a timeline can change it.");
  return timelineKind(id) === kind ? row : refuseKind(id, kind);
}

/** Returns an import that the caller may remove, or a refusal. */
async function findRemovable(database: Database, id: string, caller: Caller): Promise<TimelineRow | Refusal> {
  if (id === wall) return refuseKind(id, "import");
  const row = await findUsable(database, id, caller);
  if (isRefusal(row)) return row;
  if (caller.kind !== "operator" && row.owner !== caller.party)
    return refusal("forbidden", "Only the owner of a timeline or the operator can remove it.");
  return timelineKind(id) === "import" ? row : refuseKind(id, "import");
}

function refuseKind(id: string, kind: "stepped" | "import"): Refusal {
  const detail = `Only a timeline of the kind ${kind} accepts this request, and ${id} has the kind ${timelineKind(id)}.`;
  return refusal("invalid_request", detail);
}
