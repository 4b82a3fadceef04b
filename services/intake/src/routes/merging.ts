import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, mergeRequest, presentedCase, refusal } from "@crossline/contracts";
import { type LeftClock, carriedClocks, partEnded, refuseAct, standingsIn } from "@crossline/domain";
import { type FastifyRequest, type Http, callerOf, isRefusal } from "@crossline/service";
import type { z } from "zod";
import type { Left, Verdict } from "../commands/item.ts";
import { staleClocks } from "../commands/merge-cases.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotent, sendVerdict } from "./posted.ts";
import { presentCase } from "../answers/present-case.ts";
import { ofActs } from "./serve-command.ts";
import { caseParams, findVisible } from "./visible-case.ts";

const patienceMs = 5_000;
const lookAgainMs = 50;
const unreachable = refusal("unavailable", "The part that knows the clocks of the case, timer, cannot be reached.", {
  retryAfterSeconds: 1,
});

/**
 * `POST /v1/cases/{id}/merge`: the case is closed, and another goes on with what was known of it and the earlier of each two
 * deadlines. What is left of its clocks the timer says; where the case has changed meanwhile, it is asked again.
 */
export function serveMerging(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/merge",
    {
      schema: {
        operationId: "mergeCase",
        summary: "Merge a case into another that turned out to be the same",
        refuses: [...ofActs, "stale_version"],
        params: caseParams,
        body: mergeRequest,
        response: { 200: presentedCase },
      },
    },
    async (request, reply) =>
      sendVerdict(reply, await merge(deps, request as FastifyRequest, request.params.id, request.body)),
  );
}

async function merge(
  deps: RouteDeps,
  request: FastifyRequest,
  id: string,
  body: z.output<typeof mergeRequest>,
): Promise<Verdict> {
  const caller = callerOf(request);
  const found = await findVisible(deps, id, caller);
  if (isRefusal(found)) return found;
  const unentitled = found.isOver ? partEnded : refuseAct(standingsIn(found.state, caller.party), "merge");
  if (unentitled !== undefined) return unentitled;
  const other = await findVisible(deps, body.into, caller);
  if (isRefusal(other)) return other;
  const { timeline } = found.state;
  const key = idempotent(request, body, timeline);
  if (isRefusal(key)) return key;
  const write = (left: Left): Promise<Verdict> =>
    deps.writeItem(timeline, {
      is: "merge",
      caseId: id,
      into: body.into,
      reason: body.reason,
      left,
      request: key,
      actor: actorOf(caller, body),
      traceparent: request.traceparent,
      answer: ({ state, at, party }) => ({ status: 200, body: presentCase(state, at, party) }),
    });
  const ask = () => askClocks(deps, id, request.headers.authorization ?? "");
  for (const deadline = performance.now() + patienceMs; ; await delay(lookAgainMs)) {
    const left = await ask();
    const verdict = isRefusal(left) ? left : await write(left);
    if ((verdict !== staleClocks && verdict !== unreachable) || performance.now() > deadline) return verdict;
  }
}

async function askClocks({ peers }: RouteDeps, id: string, authorization: string): Promise<Left | Refusal> {
  const told = await peers.clocksOf(id, authorization);
  if (told === undefined) return unreachable;
  return { asOf: told.asOf, clocks: carriedClocks(told.clocks as LeftClock[]) };
}
