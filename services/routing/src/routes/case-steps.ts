import {
  caseHandoffParams,
  caseParams,
  caseStepAnswer,
  informationRequest,
  jointPersonRequest,
  jointSessionRequest,
} from "@crossline/contracts";
import { holdSession, inform, nameJointPerson } from "@crossline/domain";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { stepCase } from "../commands/case-step.ts";
import { type Desk, actorOf } from "../commands/change-case.ts";
import { askedOf } from "./asked.ts";
import type { Gate } from "./gate.ts";

/** What the companies of a case do to its hand-offs, besides the vendor's desk. */
export function addCaseStepRoutes(http: Http, gate: Gate, desk: Desk): void {
  const response = { 200: caseStepAnswer };
  http.post(
    "/v1/cases/:id/handoffs/:handoffId/information",
    {
      onRequest: gate("carrier", "vendor"),
      schema: {
        summary: "Answer what a vendor has asked before it accepts",
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
      const outcome = await stepCase(desk, asked, callerOf(request), id, (before, line, at, around) =>
        inform(before, handoffId, given, actorOf(asked), { ...around, line }, at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/cases/:id/joint/person",
    {
      onRequest: gate("carrier", "vendor"),
      schema: {
        summary: "Name your company's person for a joint case",
        params: caseParams,
        body: jointPersonRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, engineer, accountable } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const outcome = await stepCase(desk, asked, callerOf(request), request.params.id, (before, _line, at) =>
        nameJointPerson(before, { engineer, accountable }, actorOf(asked), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/cases/:id/joint/sessions",
    {
      onRequest: gate("carrier", "vendor"),
      schema: {
        summary: "Both companies have met over a joint case",
        params: caseParams,
        body: jointSessionRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, outcome: found } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const outcome = await stepCase(desk, asked, callerOf(request), request.params.id, (before, _line, at) =>
        holdSession(before, found, actorOf(asked), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
