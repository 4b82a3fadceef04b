import { setTimeout as delay } from "node:timers/promises";
import { mergeRequest, presentedCase, refusal } from "@crossline/contracts";
import { type ClockToMerge, carriedClocks, partEnded, refuseAction, rolesOf } from "@crossline/domain";
import { type FastifyRequest, type Http, callerOf, isRefusal } from "@crossline/service";
import type { z } from "zod";
import type { CaseResult } from "../commands/case-response.ts";
import type { ClockReading } from "../commands/request.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, sendResult } from "./post-request.ts";
import { actRefusals } from "./serve-command.ts";
import { caseParams, findVisible } from "./visible-case.ts";

const patienceMs = 5_000;
const pauseMs = 50;
const timerUnavailable = refusal(
  "unavailable",
  "The part that knows the clocks of the case, timer, cannot be reached.",
  {
    retryAfterSeconds: 1,
  },
);

/**
 * `POST /v1/cases/{id}/merge`: the case is closed, and another goes on with what was known of it and the earlier of each two
 * deadlines. The timer reports its clocks; where the case changes before the merge, they are read again.
 */
export function serveMerging(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/merge",
    {
      schema: {
        operationId: "mergeCase",
        summary: "Merge a case into another that turned out to be the same",
        refuses: [...actRefusals, "stale_version"],
        params: caseParams,
        body: mergeRequest,
        response: { 200: presentedCase },
      },
    },
    async (request, reply) =>
      sendResult(reply, await merge(deps, request as FastifyRequest, request.params.id, request.body)),
  );
}

async function merge(
  deps: RouteDeps,
  request: FastifyRequest,
  id: string,
  body: z.output<typeof mergeRequest>,
): Promise<CaseResult> {
  const caller = callerOf(request);
  const found = await findVisible(deps, id, caller);
  if (isRefusal(found)) return found;
  const unentitled = found.isOver ? partEnded : refuseAction(rolesOf(found.state, caller.party), "merge");
  if (unentitled !== undefined) return unentitled;
  const other = await findVisible(deps, body.into, caller);
  if (isRefusal(other)) return other;
  const { timeline } = found.state;
  const key = idempotencyOf(request, body, timeline);
  if (isRefusal(key)) return key;
  const actor = actorOf(caller, body);
  const { traceparent } = request;
  const { into, reason } = body;
  for (const deadline = performance.now() + patienceMs; ; await delay(pauseMs)) {
    const reading = await readClocks(deps, id, request.headers.authorization ?? "");
    if (reading === undefined) {
      if (performance.now() > deadline) return timerUnavailable;
      continue;
    }
    const command = { type: "merge", caseId: id, into, reason, reading } as const;
    const result = await deps.writeRequest({ idempotency: key, actor, traceparent, command });
    const isStale = isRefusal(result) && result.code === "stale_version";
    if (!isStale || performance.now() > deadline) return result;
  }
}

/** Undefined where the timer does not answer. */
async function readClocks(
  { services }: RouteDeps,
  id: string,
  authorization: string,
): Promise<ClockReading | undefined> {
  const report = await services.clocksOf(id, authorization);
  return report && { asOf: report.asOf, clocks: carriedClocks(report.clocks as ClockToMerge[]) };
}
