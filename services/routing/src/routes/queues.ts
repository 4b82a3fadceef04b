import {
  type Instant,
  type Refusal,
  formatInstant,
  handoffId,
  queueHandoff,
  queueHandoffResultPage,
  queueHandoffParams,
  queueHandoffsQuery,
  queueList,
  queueListQuery,
  queueParams,
  refusal,
} from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { readNow } from "@crossline/projection";
import { type Http, callerOf, send, setTimelineHeader, isRefusal, readCursor, writeCursor } from "@crossline/service";
import { z } from "zod";
import { findOwnHandoff, isOwnQueue, noSuchHandoff } from "../commands/command-handoff.ts";
import { knownErrorsOf, readKnownErrors } from "../store/known-errors.ts";
import { type CarrierQueueRow, listQueuesOfCarrier } from "../store/carrier-queues.ts";
import { findQueuesOnLines } from "../store/open-queues.ts";
import { type OpenHandoff, type HandoffPlace, type QueueRow, listOpenHandoffs, listQueues } from "../store/queues.ts";
import type { RouteDeps } from "./deps.ts";
import { presentQueueHandoff } from "./present-handoff.ts";

/** The time for which a carrier reads the acceptances of its hand-offs: 30 days. */
const acceptancesMs = 30 * 86_400_000;
const noSuchQueue: Refusal = refusal("not_found", "There is no such queue, or you cannot read it.");
/** An instant in a cursor. The earliest start of a stepped timeline is in 1900. */
export const cursorInstant = z.int().min(-2_208_988_800_000).max(253_402_300_799_999);
const cursorPlaces = {
  offered: z.tuple([cursorInstant, handoffId]).transform(([offeredAt, id]) => ({ offeredAt, handoffId: id })),
  /** Null if the hand-off has no deadline. */
  due: z
    .tuple([cursorInstant.nullable(), cursorInstant, handoffId])
    .transform(([dueAt, offeredAt, id]) => ({ dueAt: dueAt ?? Infinity, offeredAt, handoffId: id })),
};

/**
 * Registers `/v1/queues`. A vendor reads only the queues whose names begin with the vendor's name. For a queue of another vendor,
 * the vendor gets `not_found`. A carrier reads counts of its own hand-offs only, because the load of a vendor is the vendor's secret.
 */
export function serveQueues(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  http.get(
    "/v1/queues",
    {
      onRequest: allow("vendor", "carrier"),
      schema: {
        operationId: "listQueues",
        summary: "List your queues, or the queues that your lines name, with counts of their open hand-offs",
        querystring: queueListQuery,
        response: { 200: queueList },
      },
    },
    async (request, reply) => {
      const { timeline } = request.query;
      setTimelineHeader(reply, timeline);
      const { party, kind } = callerOf(request);
      const present = await readNow(database, timeline);
      if (kind === "vendor") {
        const rows = await listQueues(database, party, timeline, present);
        return send(reply, 200, { items: rows.map(presentQueue) });
      }
      const queues = await findQueuesOnLines(database, party);
      const since = present - acceptancesMs;
      const rows = await listQueuesOfCarrier(database, party, queues, { timeline, since, now: present });
      return send(reply, 200, { items: rows.map((row) => presentQueueOfCarrier(row, since)) });
    },
  );
  serveQueueHandoffs(http, deps);
  serveQueueHandoff(http, deps);
}

function serveQueueHandoffs(http: Http, { allow, database, onQueueRead }: RouteDeps): void {
  http.get(
    "/v1/queues/:queue/handoffs",
    {
      onRequest: allow("vendor", "carrier", "operator"),
      schema: {
        operationId: "listQueueHandoffs",
        summary: "List the open hand-offs of a queue with their briefs, ordered by age or deadline",
        params: queueParams,
        querystring: queueHandoffsQuery,
        response: { 200: queueHandoffResultPage },
      },
    },
    async (request, reply) => {
      const { party: vendor } = callerOf(request);
      const { queue } = request.params;
      if (!isOwnQueue(vendor, queue)) return send(reply, 200, noSuchQueue);
      onQueueRead(queue);
      const { timeline, state, severity, sort, cursor, limit } = request.query;
      const after = readCursor(cursor, cursorPlaces[sort]);
      if (isRefusal(after)) return send(reply, 200, after);
      setTimelineHeader(reply, timeline);
      const present = await readNow(database, timeline);
      const query = { vendor, queue, timeline, state, severity, sort, now: present, after, limit: limit + 1 };
      const rows = await listOpenHandoffs(database, query);
      const shownRows = rows.slice(0, limit);
      const knownErrors = await knownErrorsFor(database, timeline, shownRows);
      const last = shownRows.at(-1);
      return send(reply, 200, {
        items: shownRows.map((row) => presentQueueHandoff(row, present, knownErrors)),
        ...(rows.length > limit && last !== undefined && { next: nextOf(last, sort) }),
      });
    },
  );
}

function serveQueueHandoff(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/queues/:queue/handoffs/:id",
    {
      onRequest: allow("vendor", "carrier", "operator"),
      schema: {
        operationId: "readHandoff",
        summary: "Read a hand-off of a queue, open or ended",
        params: queueHandoffParams,
        response: { 200: queueHandoff },
      },
    },
    async (request, reply) => {
      const { queue, id } = request.params;
      const row = await findOwnHandoff(database, callerOf(request).party, { queue, handoffId: id });
      if (row === undefined) return send(reply, 200, noSuchHandoff);
      setTimelineHeader(reply, row.timeline);
      const knownErrors = await knownErrorsFor(database, row.timeline, [row]);
      return send(reply, 200, presentQueueHandoff(row, await readNow(database, row.timeline), knownErrors));
    },
  );
}

function nextOf({ dueAt, offeredAt, handoffId: id }: HandoffPlace, sort: "offered" | "due"): string {
  return writeCursor(sort === "offered" ? [offeredAt, id] : [dueAt === Infinity ? null : dueAt, offeredAt, id]);
}

function presentQueueOfCarrier(row: CarrierQueueRow, since: Instant) {
  const { oldestOfferedAt, acceptances: count, medianMs, ...counts } = row;
  return {
    ...counts,
    ...(oldestOfferedAt !== null && { oldestOfferedAt: formatInstant(oldestOfferedAt) }),
    // Before the first mark of a timeline, the timeline has no now.
    ...(Number.isFinite(since) && {
      acceptance: { since: formatInstant(since), count, ...(medianMs !== null && { medianMs }) },
    }),
  };
}

function presentQueue({ oldestOfferedAt, isNamed, carriers, lastReadAt, ...row }: QueueRow) {
  return {
    ...row,
    ...(oldestOfferedAt !== null && { oldestOfferedAt: formatInstant(oldestOfferedAt) }),
    ...(isNamed && { open: { ...(carriers !== null && { carriers: [...carriers] }) } }),
    ...(lastReadAt !== null && { lastReadAt: formatInstant(lastReadAt) }),
  };
}

async function knownErrorsFor(database: Database, timeline: string, rows: readonly OpenHandoff[]) {
  const states = rows.map(({ state }) => state);
  return { knownErrors: knownErrorsOf(await readKnownErrors(database, states), timeline) };
}
