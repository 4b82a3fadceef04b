import {
  type ServiceName,
  deadLetterParams,
  formatInstant,
  operations,
  parkedCaseParams,
  replayRequest,
  requestedReplay,
} from "@crossline/contracts";
import { withIdempotency } from "@crossline/idempotency";
import { type Database, now } from "@crossline/postgres";
import { type FastifyReply, type FastifyRequest, type Http, isRefusal, send } from "@crossline/service";
import type { Admission } from "../admission/admission.ts";
import type { OperationsClient } from "../services/operations.ts";
import { idempotencyOf, markReplayed } from "./post-request.ts";

export type OperationsRouteDeps = {
  readonly database: Database;
  readonly admission: Pick<Admission, "limit" | "atWork">;
  readonly operations: OperationsClient;
};

/** Serves `/v1/operations` for the operator: the state of all services in one response, and replays. */
export function serveOperations(http: Http, deps: OperationsRouteDeps): void {
  const { database, admission } = deps;
  http.get(
    "/v1/operations",
    {
      schema: {
        operationId: "readOperations",
        summary: "Read the state of all services",
        refuses: ["forbidden"],
        response: { 200: operations },
      },
    },
    async (_request, reply) => {
      const { perSecond } = admission.limit();
      const gate = { ...(Number.isFinite(perSecond) && { perSecond }), atWork: admission.atWork() };
      const services = await deps.operations.read();
      return send(reply, 200, { at: formatInstant(await now(database)), gate, services });
    },
  );
  serveReplays(http, deps);
}

function serveReplays(http: Http, deps: OperationsRouteDeps): void {
  const body = replayRequest;
  const response = { 202: requestedReplay };
  http.post(
    "/v1/operations/parked/:service/:key/replay",
    {
      schema: {
        operationId: "replayParkedCase",
        summary: "Let a service retry the records of a parked case",
        refuses: ["forbidden", "unavailable"],
        params: parkedCaseParams,
        body,
        response,
      },
    },
    async (request, reply) => {
      const { service, key } = request.params;
      return replay(deps, { request, reply, service, path: `/internal/parked/${encodeURIComponent(key)}/replay` });
    },
  );
  http.post(
    "/v1/operations/dead-letters/:service/:id/replay",
    {
      schema: {
        operationId: "replayDeadLetter",
        summary: "Let a service parse a dead letter again",
        refuses: ["forbidden", "unavailable"],
        params: deadLetterParams,
        body,
        response,
      },
    },
    async (request, reply) => {
      const { service, id } = request.params;
      return replay(deps, { request, reply, service, path: `/internal/dead-letters/${id}/replay` });
    },
  );
}

type Replay = {
  readonly request: FastifyRequest<any, any, any, any, any, any>;
  readonly reply: FastifyReply<any, any, any, any, any, any>;
  readonly service: ServiceName;
  readonly path: string;
};

/** Requests a replay once for each idempotency key. A refusal is not stored, so the operator can repeat the request. */
async function replay(
  { database, operations: client }: OperationsRouteDeps,
  { request, reply, service, path }: Replay,
) {
  const key = idempotencyOf(request, request.body);
  if (isRefusal(key)) return send(reply, 202, key);
  const outcome = await withIdempotency(database, key, async () => {
    const refused = await client.replay(service, path);
    return refused ?? { status: 202, body: { requested: true as const } };
  });
  markReplayed(reply, outcome);
  return send(reply, 202, isRefusal(outcome) ? outcome : outcome.body);
}
