import { refusal } from "@crossline/contracts";
import { listDeadLetters, listParkedCases, retryDeadLetter, retryParkedCase } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, type internalOnly, send } from "@crossline/service";
import { z } from "zod";

export type ParkedRouteDeps = {
  readonly database: Database;
  readonly onRequest: ReturnType<typeof internalOnly>;
  /** Wakes the consumer, which retries the requested records. */
  readonly wake: () => void;
};

const list = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) });
const requested = z.object({ requested: z.literal(true) });
const response = { 202: requested };
const nothingParked = refusal("not_found", "No record is parked under this key.");
const noDeadLetter = refusal("not_found", "No dead letter has this id, or the service still cannot parse it.");

/** Serves the routes under `/internal/parked`, which list and retry the records that the service could not apply. */
export function serveParked(http: Http, { database, onRequest, wake }: ParkedRouteDeps): void {
  const params = z.object({ key: z.string().max(200) });
  http.get("/internal/parked", { onRequest, schema: { hide: true, querystring: list } }, async (request) => ({
    parked: await listParkedCases(database, request.query.limit),
  }));
  http.post(
    "/internal/parked/:key/replay",
    { onRequest, schema: { hide: true, params, response } },
    async (request, reply) => {
      if (!(await retryParkedCase(database, request.params.key))) return send(reply, 202, nothingParked);
      wake();
      return send(reply, 202, { requested: true });
    },
  );
}

/** Serves the routes under `/internal/dead-letters`, which list and retry the records that the service could not parse. */
export function serveDeadLetters(http: Http, { database, onRequest, wake }: ParkedRouteDeps): void {
  const params = z.object({ id: z.coerce.number().int().min(1) });
  http.get("/internal/dead-letters", { onRequest, schema: { hide: true, querystring: list } }, async (request) => ({
    deadLetters: await listDeadLetters(database, request.query.limit),
  }));
  http.post(
    "/internal/dead-letters/:id/replay",
    { onRequest, schema: { hide: true, params, response } },
    async (request, reply) => {
      if (!(await retryDeadLetter(database, request.params.id))) return send(reply, 202, noDeadLetter);
      wake();
      return send(reply, 202, { requested: true });
    },
  );
}
