import {
  type Delivery,
  delivery,
  deliveryListQuery,
  deliveryResultPage,
  deliveryParams,
  formatInstant,
  type Refusal,
  refusal,
} from "@crossline/contracts";
import { readIdempotentRequest, withIdempotency } from "@crossline/idempotency";
import { type Database, now, type Tx } from "@crossline/postgres";
import { callerOf, type FastifyRequest, type Http, isRefusal, send } from "@crossline/service";
import {
  findDelivery,
  listDeliveries,
  lockForRedelivery,
  type LoggedDelivery,
  redeliver,
} from "../store/delivery-log.ts";
import { scheduleKindOf } from "../delivery/verdict.ts";
import { orNotFound } from "./or-not-found.ts";

export type DeliveryRouteDeps = {
  readonly database: Database;
  readonly giveUpMs: { readonly subscription: number; readonly lastResort: number };
  /** Wakes the delivery loop. */
  readonly wake: () => void;
};

/**
 * Registers the routes that read `/v1/deliveries`. A company reads its own deliveries. The operator reads those of all companies, without
 * the addresses of their receivers.
 */
export function serveDeliveries(http: Http, { database }: Pick<DeliveryRouteDeps, "database">): void {
  http.get(
    "/v1/deliveries",
    {
      schema: {
        operationId: "listDeliveries",
        summary: "List your deliveries, with their attempts",
        querystring: deliveryListQuery,
        response: { 200: deliveryResultPage },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...filter } = request.query;
      const rows = await listDeliveries(database, {
        ...filter,
        reader: readerOf(request),
        before: cursor,
        limit: limit + 1,
      });
      const shownRows = rows.slice(0, limit);
      const last = rows.length > limit ? shownRows.at(-1) : undefined;
      return send(reply, 200, {
        items: shownRows.map(presentTo(request)),
        ...(last !== undefined && { next: last.deliveryId }),
      });
    },
  );

  http.get(
    "/v1/deliveries/:id",
    {
      schema: {
        operationId: "readDelivery",
        summary: "Read a delivery",
        params: deliveryParams,
        response: { 200: delivery },
      },
    },
    async (request, reply) => {
      const row = await findDelivery(database, readerOf(request), request.params.id);
      return send(reply, 200, orNotFound(row && presentTo(request)(row), "delivery"));
    },
  );
}

/** Returns the company whose deliveries the caller may read. Returns undefined for the operator, who reads those of all companies. */
function readerOf(request: FastifyRequest): string | undefined {
  const { party, kind } = callerOf(request);
  return kind === "operator" ? undefined : party;
}

/** The path of a webhook can contain a secret of its company, and a mail address is personal data. The operator reads neither. */
function presentTo(request: FastifyRequest): (row: LoggedDelivery) => Delivery {
  return readerOf(request) === undefined ? (row) => ({ ...present(row), url: hostOf(row.url) }) : present;
}

function hostOf(address: string): string {
  const { protocol = "", host = "" } = URL.parse(address) ?? {};
  return host === "" ? protocol : `${protocol}//${host}`;
}

/** Registers the route with which a company sends one of its deliveries again. */
export function serveRedelivery(http: Http, { database, giveUpMs, wake }: DeliveryRouteDeps): void {
  http.post(
    "/v1/deliveries/:id/redeliver",
    {
      schema: {
        operationId: "repeatDelivery",
        summary: "Send a delivery again",
        refuses: ["illegal_transition"],
        params: deliveryParams,
        response: { 202: delivery },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const read = readIdempotentRequest(request, party);
      if (isRefusal(read)) return send(reply, 202, read);
      const outcome = await withIdempotency(database, read, async (tx) => {
        const refused = await makeDue(tx, party, request.params.id, giveUpMs);
        if (refused !== undefined) return refused;
        const row = await findDelivery(tx, party, request.params.id);
        const found = orNotFound(row && present(row), "delivery");
        return isRefusal(found) ? found : { status: 202, body: found };
      });
      wake();
      return send(reply, 202, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

async function makeDue(
  tx: Tx,
  party: string,
  id: string,
  giveUpMs: DeliveryRouteDeps["giveUpMs"],
): Promise<Refusal | undefined> {
  const found = orNotFound(await lockForRedelivery(tx, party, id), "delivery");
  if (isRefusal(found)) return found;
  if (found.state === "recorded") {
    return refusal(
      "illegal_transition",
      "This delivery was recorded on a stepped timeline, whose deliveries are never sent.",
    );
  }
  if (found.outboundMessageId !== null && found.state !== "waiting") {
    // The outcome of the message is published, and a case must not get a second one.
    return refusal("illegal_transition", "This outbound message has its outcome; write a new message to the customer.");
  }
  if (found.later) return refusal("illegal_transition", "Your part in the case had ended before this event.");
  if (found.state === "overtaken")
    return refusal("illegal_transition", "This page was overtaken: its reason was gone before it was sent.");
  if (found.isRingTest) {
    return refusal("illegal_transition", "This was a test page; start another ring test of the roster.");
  }
  if (found.ended) {
    return refusal("illegal_transition", "Its subscription was deleted, or disabled because its receiver is gone.");
  }
  const moment = await now(tx);
  await redeliver(tx, id, moment, moment + giveUpMs[scheduleKindOf(found)]);
  return undefined;
}

function present(row: LoggedDelivery): Delivery {
  return {
    deliveryId: row.deliveryId,
    party: row.party,
    ...(row.subscriptionId !== null && { subscriptionId: row.subscriptionId }),
    ...(row.caseId !== null && { caseId: row.caseId }),
    ...(row.ringTestId !== null && { ringTestId: row.ringTestId }),
    timeline: row.timeline,
    eventId: row.eventId,
    ...(row.bundleId !== null && { bundle: row.bundleId }),
    eventType: row.eventType,
    url: row.url,
    state: row.state,
    createdAt: formatInstant(row.createdAt),
    ...(row.dueAt !== null && { nextAttemptAt: formatInstant(row.dueAt) }),
    ...(row.endedAt !== null && { endedAt: formatInstant(row.endedAt) }),
    attempts: row.attempts.map(({ number, at, durationMs, status, error }) => ({
      number,
      at,
      durationMs,
      ...(status !== null && { status }),
      ...(error !== null && { error }),
    })),
  };
}
