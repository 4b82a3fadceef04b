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
import { runCaseCommand } from "../commands/command-case.ts";
import { actorOf } from "../commands/change-case.ts";
import { commandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";

/** The problem codes that every command on a case can return, in addition to the codes of an invalid request. */
export const caseCommandRefusals = [
  "forbidden",
  "illegal_transition",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
] as const;

const response = { 200: jointResponse };

/** Registers the commands of companies on a case. `serveHandoffs` registers the commands of a vendor's desk. */
export function serveCaseCommands(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/handoffs/:handoffId/information",
    {
      onRequest: deps.allow("carrier", "vendor"),
      schema: {
        operationId: "giveInformation",
        summary: "Answer a vendor's information request",
        refuses: caseCommandRefusals,
        params: caseHandoffParams,
        body: informationRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, ...given } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { id, handoffId } = request.params;
      const outcome = await runCaseCommand(
        deps,
        commandRequest,
        { caseId: id, caller: callerOf(request) },
        (before, known, at) =>
          answerQuestion(before, { handoffId, actor: actorOf(commandRequest), ...given }, known, at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveJointCommands(http, deps);
}

function serveJointCommands(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/cases/:id/joint/person",
    {
      onRequest: deps.allow("carrier", "vendor"),
      schema: {
        operationId: "nameJointPerson",
        summary: "Name your company's person for a joint case",
        refuses: caseCommandRefusals,
        params: caseParams,
        body: jointPersonRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, engineer, accountable } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const outcome = await runCaseCommand(
        deps,
        commandRequest,
        { caseId: request.params.id, caller: callerOf(request) },
        (before, _known, at) => nameJointPerson(before, { engineer, accountable }, actorOf(commandRequest), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/cases/:id/joint/sessions",
    {
      onRequest: deps.allow("carrier", "vendor"),
      schema: {
        operationId: "recordJointSession",
        summary: "Record a joint session",
        refuses: caseCommandRefusals,
        params: caseParams,
        body: jointSessionRequest,
        response,
      },
    },
    async (request, reply) => {
      const { person, outcome: sessionOutcome } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const outcome = await runCaseCommand(
        deps,
        commandRequest,
        { caseId: request.params.id, caller: callerOf(request) },
        (before, _known, at) => holdSession(before, sessionOutcome, actorOf(commandRequest), at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
