import { type Refusal, problemDetail, problemList, problemParams, problemsQuery, refusal } from "@crossline/contracts";
import { type ProblemState } from "@crossline/domain";
import { type Caller, type Http, callerOf, isRefusal, send } from "@crossline/service";
import { presentProblem, presentProblemDetail } from "../responses/present-problem.ts";
import { countProblemCases, listProblemCases } from "../store/problem-cases.ts";
import { findCaseLabels } from "../store/case-labels.ts";
import { listProblemChanges } from "../store/problem-changes.ts";
import { findProblem, listProblems } from "../store/problems.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import { problemCursor, readProblemCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { serveProblemCommands } from "./problem-commands.ts";

/** Serves the routes of problems. Only the carrier of a problem reads it. */
export function serveProblems(http: Http, deps: RouteDeps): void {
  serveList(http, deps);
  serveDetail(http, deps);
  serveProblemCommands(http, deps);
}

function serveList(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/problems",
    {
      schema: {
        operationId: "listProblems",
        summary: "List your problems, newest first",
        tags: ["problems"],
        querystring: problemsQuery,
        response: { 200: problemList },
      },
    },
    async (request, reply) => {
      const { timeline, limit, status: statuses, cursor } = request.query;
      const caller = callerOf(request);
      const before = readProblemCursor(cursor);
      if (isRefusal(before)) return send(reply, 200, before);
      await awaitEffectsBeforeRead(deps, caller, timeline, reply);
      const filter = { carrier: caller.party, timeline, statuses, before, limit: limit + 1 };
      const states = await listProblems(deps.database, filter);
      const items = states.slice(0, limit);
      const last = states.length > limit ? items.at(-1) : undefined;
      return send(reply, 200, {
        items: items.map(presentProblem),
        ...(last !== undefined && { next: problemCursor(last) }),
      });
    },
  );
}

function serveDetail(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/problems/:id",
    {
      schema: {
        operationId: "readProblem",
        summary: "Read a problem with its cases, the outcomes of its workaround, and its history",
        tags: ["problems"],
        params: problemParams,
        response: { 200: problemDetail },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { database } = deps;
      const found = await findOwn(deps, caller, request.params.id);
      if (isRefusal(found)) return send(reply, 200, found);
      const waited = await awaitEffectsBeforeRead(deps, caller, found.timeline, reply);
      const state = waited ? await findOwn(deps, caller, found.id) : found;
      if (isRefusal(state)) return send(reply, 200, state);
      const [counts, cases, changes] = await Promise.all([
        countProblemCases(database, state.id),
        listProblemCases(database, state.id),
        listProblemChanges(database, state.id),
      ]);
      const ids = cases.map(({ caseId }) => caseId);
      const labels = await findCaseLabels(database, caller.party, ids);
      return send(reply, 200, presentProblemDetail(state, { counts, cases, changes, labels }));
    },
  );
}

async function findOwn({ database }: RouteDeps, { party }: Caller, id: string): Promise<ProblemState | Refusal> {
  return (await findProblem(database, party, id)) ?? refusal("not_found", "You have no problem with this id.");
}
