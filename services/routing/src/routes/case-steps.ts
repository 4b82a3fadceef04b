import {
  caseHandoffParams,
  caseParams,
  jointResponse,
  informationRequest,
  jointPersonRequest,
  jointSessionRequest,
} from "@crossline/contracts";
import { holdSession, answerQuestion, nameJointPerson } from "@crossline/domain";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { stepCase } from "../commands/case-step.ts";
import { actorOf } from "../commands/change-case.ts";
import { askedOf } from "./asked.ts";
import type { RouteDeps } from "./deps.ts";

/** What every step of a case can be refused with, besides what its form implies. */
export const ofCaseSteps = [
  "forbidden",
  "illegal_transition",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
] as const;

const response = { 200: jointResponse };

/** What the companies of a case do to its hand-offs, besides the vendor's deps. */
export function serveCaseSteps(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/handoffs/:handoffId/information",
    {
      onRequest: deps.gate("carrier", "vendor"),
      schema: {
        operationId: "giveInformation",
        summary: "Answer what a vendor has asked before it accepts",
        refuses: ofCaseSteps,
        params: caseHandoffParams,
        body: informationRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, ...given } = request.body;
      // The answer is what somebody wrote: it is not kept in the clear.
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const { id, handoffId } = request.params;
      const outcome = await stepCase(deps, asked, { caseId: id, caller: callerOf(request) }, (before, known, at) =>
        answerQuestion(before, { handoffId, actor: actorOf(asked), ...given }, known, at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveJointSteps(http, deps);
}

function serveJointSteps(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/joint/person",
    {
      onRequest: deps.gate("carrier", "vendor"),
      schema: {
        operationId: "nameJointPerson",
        summary: "Name your company's person for a joint case",
        refuses: ofCaseSteps,
        params: caseParams,
        body: jointPersonRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, engineer, accountable } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const outcome = await stepCase(
        deps,
        asked,
        { caseId: request.params.id, caller: callerOf(request) },
        (before, _known, at) => nameJointPerson(before, { engineer, accountable }, actorOf(asked), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/cases/:id/joint/sessions",
    {
      onRequest: deps.gate("carrier", "vendor"),
      schema: {
        operationId: "recordJointSession",
        summary: "Both companies have met over a joint case",
        refuses: ofCaseSteps,
        params: caseParams,
        body: jointSessionRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, outcome: found } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const outcome = await stepCase(
        deps,
        asked,
        { caseId: request.params.id, caller: callerOf(request) },
        (before, _known, at) => holdSession(before, found, actorOf(asked), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
