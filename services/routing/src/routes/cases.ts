import { caseHandoffs, caseParams, takeResponse, takeRequest } from "@crossline/contracts";
import { readNow } from "@crossline/projection";
import { type Http, callerOf, isRefusal, send, setTimelineHeader } from "@crossline/service";
import { findVisibleCase, noSuchCase, takeCase } from "../commands/take-case.ts";
import { listHandoffsOfCase } from "../store/handoffs.ts";
import { listAssignmentsOfCase } from "../store/pool-assignments.ts";
import { commandRequestOf } from "./command-request.ts";
import { caseCommandRefusals } from "./case-commands.ts";
import type { RouteDeps } from "./deps.ts";
import { presentCaseAssignment } from "./present-assignment.ts";
import { causeFor, presentCaseHandoffs, rowAsOf } from "./present-handoff.ts";

/** Registers the routes of `/v1/cases/{id}` that concern hand-offs and the holder. */
export function serveCases(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  const params = caseParams;
  http.get(
    "/v1/cases/:id/handoffs",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "listCaseHandoffs",
        summary: "List the hand-offs of a case, its holder and the time of each holder",
        params,
        response: { 200: caseHandoffs },
      },
    },
    async (request, reply) => {
      const { party, kind } = callerOf(request);
      const { id } = request.params;
      const visibleCase = await findVisibleCase(database, id, { party, kind });
      if (visibleCase === undefined) return send(reply, 200, noSuchCase);
      setTimelineHeader(reply, visibleCase.state.timeline);
      const rows = await listHandoffsOfCase(database, id, kind === "vendor" ? party : undefined);
      const { state, endedAt } = visibleCase;
      const present = endedAt ?? (await readNow(database, state.timeline));
      const isCarrier = kind !== "vendor" && party === state.carrier;
      const readable = rows.map((row) => ({ ...row, cause: causeFor(isCarrier, row) }));
      const shown = endedAt === undefined ? readable : readable.map((row) => rowAsOf(row, endedAt));
      const assignments = isCarrier ? await listAssignmentsOfCase(database, id) : [];
      return send(reply, 200, {
        ...presentCaseHandoffs(state, shown, present),
        ...(assignments.length > 0 && { assignments: assignments.map(presentCaseAssignment) }),
      });
    },
  );
  http.post(
    "/v1/cases/:id/take",
    {
      onRequest: allow("carrier", "vendor"),
      schema: {
        operationId: "takeCase",
        summary: "Take a case after a page or a call of the last resort",
        refuses: caseCommandRefusals,
        params,
        body: takeRequest,
        response: { 200: takeResponse },
      },
    },
    async (request, reply) => {
      const { person, engineer } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const outcome = await takeCase(deps, commandRequest, request.params.id, engineer);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}
