import { setTimeout as delay } from "node:timers/promises";
import { mergeRequest, presentedCase, refusal } from "@crossline/contracts";
import { type ClockToMerge, carriedClocks, partEnded, refuseAction, rolesOf } from "@crossline/domain";
import { type FastifyRequest, type Http, callerOf, isRefusal, originOf } from "@crossline/service";
import type { z } from "zod";
import type { CaseResult } from "../commands/case-response.ts";
import type { ClockReading } from "../commands/request.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, sendResult } from "./post-request.ts";
import { actRefusals } from "./serve-command.ts";
import { caseParams, findVisible } from "./visible-case.ts";

const withinMs = 5_000;
const pauseMs = 50;
const timerUnavailable = refusal(
  "unavailable",
  "The timer, which has the clocks of the case, is unreachable. Try again in a moment.",
  {
    retryAfterSeconds: 1,
  },
);

/**
 * Serves `POST /v1/cases/{id}/merge`. The merge closes the source case. The target case takes over the history of the source case. Each
 * clock of the target case gets the earlier deadline of the two cases. Intake reads the clocks of the source case from the timer. If
 * the source case changes before the merge, intake reads the clocks again.
 */
export function serveMerging(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/merge",
    {
      schema: {
        operationId: "mergeCase",
        summary: "Merge a duplicate case into another case",
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
  const source = await findVisible(deps, id, caller);
  if (isRefusal(source)) return source;
  const unentitled = source.isEndedView ? partEnded : refuseAction(rolesOf(source.state, caller.party), "merge");
  if (unentitled !== undefined) return unentitled;
  const target = await findVisible(deps, body.into, caller);
  if (isRefusal(target)) return target;
  const { timeline } = source.state;
  const key = idempotencyOf(request, body, timeline);
  if (isRefusal(key)) return key;
  const actor = actorOf(caller, body);
  const origin = originOf(request);
  const { into, reason } = body;
  for (const deadline = performance.now() + withinMs; ; await delay(pauseMs)) {
    const reading = await readClocks(deps, id, request.headers.authorization ?? "");
    if (reading === undefined) {
      if (performance.now() > deadline) return timerUnavailable;
      continue;
    }
    const command = { type: "merge", caseId: id, into, reason, reading } as const;
    const result = await deps.writeRequest({ idempotency: key, actor, origin, command });
    const isStale = isRefusal(result) && result.code === "stale_version";
    if (!isStale || performance.now() > deadline) return result;
  }
}

/** Reads the clocks of a case. Returns undefined if the timer does not respond. */
async function readClocks(
  { services }: RouteDeps,
  id: string,
  authorization: string,
): Promise<ClockReading | undefined> {
  const report = await services.clocksOf(id, authorization);
  return report && { asOf: report.asOf, clocks: carriedClocks(report.clocks as ClockToMerge[]) };
}
