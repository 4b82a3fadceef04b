import { type ServiceOperation, formatInstant, serviceOperation } from "@crossline/contracts";
import { listDeadLetters, listParkedCases, oldestInOutbox } from "@crossline/messaging";
import { type Health, type Http, internalOnly, pressureOf, send } from "@crossline/service";
import type { Database, Tx } from "@crossline/postgres";
import type { OwnOperation, RunningParts } from "../definition.ts";

const listedMax = 100;

export type OperationRouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
  readonly running: RunningParts;
  readonly health: Health;
  readonly operationReport?: (tx: Tx) => Promise<OwnOperation>;
};

/** Serves `GET /internal/operation`: all that an operator needs to know about a service, in one response. */
export function serveOperation(http: Http, deps: OperationRouteDeps): void {
  const { database, internalKey, running, health, operationReport } = deps;
  http.get(
    "/internal/operation",
    { onRequest: internalOnly(internalKey), schema: { hide: true, response: { 200: serviceOperation } } },
    async (_request, reply) => {
      const [{ ok, checks }, { lag, outbox }, oldest, parked, deadLetters, own] = await Promise.all([
        health.report("ready"),
        pressureOf(running),
        oldestInOutbox(database),
        listParkedCases(database, listedMax),
        listDeadLetters(database, listedMax),
        operationReport?.(database),
      ]);
      return send(reply, 200, {
        ready: ok,
        checks: { ...checks },
        lag,
        outbox: { waiting: outbox, ...(oldest !== undefined && { oldestAt: oldest }) },
        parked: parked.map(presentParked),
        deadLetters: deadLetters.map(presentDead),
        ...own,
      });
    },
  );
}

function presentParked(row: Awaited<ReturnType<typeof listParkedCases>>[number]): ServiceOperation["parked"][number] {
  const { parkedAt, replayRequestedAt, ...rest } = row;
  return {
    ...rest,
    parkedAt: formatInstant(parkedAt),
    ...(replayRequestedAt !== null && { replayRequestedAt: formatInstant(replayRequestedAt) }),
  };
}

/** A dead letter without its key, because a key in a broken record can be any text. */
function presentDead(
  row: Awaited<ReturnType<typeof listDeadLetters>>[number],
): ServiceOperation["deadLetters"][number] {
  const { id, direction, topic, partition, offset, reason, deadAt } = row;
  return {
    id,
    direction,
    topic,
    ...(partition !== null && { partition }),
    ...(offset !== null && { offset }),
    reason,
    deadAt: formatInstant(deadAt),
  };
}
