import {
  assignProblemRequest,
  changeProblemRequest,
  knownErrorRequest,
  linkCaseRequest,
  openProblemRequest,
  problemParams,
  problemResponse,
  refusal,
  rootCauseRequest,
} from "@crossline/contracts";
import {
  type FastifyReply,
  type FastifyRequest,
  type Http,
  callerOf,
  isRefusal,
  originOf,
  refuse,
  send,
} from "@crossline/service";
import type { z } from "zod";
import { type GivenProblemCommand, changeProblem, openByHand } from "../commands/problem-command.ts";
import { findProblem } from "../store/problems.ts";
import { onTimeline } from "../timelines/on-timeline.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, markReplayed } from "./post-request.ts";

const onlyCarriers = refusal("forbidden", "Only a carrier has problems.");
const noSuchProblem = refusal("not_found", "You have no problem with this id.");
const timelineRefusals = ["not_quiet", "timeline_broken", "timeline_ended"] as const;

type Body = { readonly person?: string | undefined; readonly automated: boolean };

/** Serves the routes with which a carrier opens and changes its problems. */
export function serveProblemCommands(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/problems",
    {
      schema: {
        operationId: "openProblem",
        summary: "Open a problem by hand",
        description:
          "A problem has one scope: a symptom with a device, or an item that the cases of a channel lack. Without a scope, only linked cases belong to the problem.",
        refuses: ["forbidden", "not_found", "already_exists", ...timelineRefusals],
        tags: ["problems"],
        body: openProblemRequest,
        response: { 201: problemResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      if (caller.kind !== "carrier") return refuse(reply, onlyCarriers);
      const { body } = request;
      const idempotency = idempotencyOf(request, body, body.timeline);
      if (isRefusal(idempotency)) return refuse(reply, idempotency);
      const by = { actor: actorOf(caller, body), origin: originOf(request) };
      const outcome = await onTimeline(deps, idempotency, (tx, at) => openByHand(tx, body, by, at));
      markReplayed(reply, outcome);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  const serve = createServe(http, deps);
  serve({
    path: "owner",
    operationId: "assignProblem",
    summary: "Give the problem an owner; a new problem is then under investigation",
    body: assignProblemRequest,
    command: ({ owner, reason }) => ({ type: "assign", owner, reason }),
  });
  serve({
    path: "status",
    operationId: "changeProblem",
    summary: "Change the status of the problem; `investigating` reopens a problem that was resolved or has ended",
    body: changeProblemRequest,
    command: ({ status: to, reason }) => ({ type: "change-status", to, reason }),
  });
  serve({
    path: "known-error",
    operationId: "recordKnownError",
    summary: "Record a known error with its workaround, which matching cases get",
    body: knownErrorRequest,
    command: ({ workaround, fixCode, reason }) => ({ type: "record-known-error", workaround, fixCode, reason }),
  });
  serve({
    path: "root-cause",
    operationId: "setRootCause",
    summary: "Set the root cause of the problem",
    body: rootCauseRequest,
    command: ({ rootCause, reason }) => ({ type: "set-root-cause", rootCause, reason }),
  });
  for (const type of ["link", "unlink"] as const)
    serve({
      path: type,
      operationId: type === "link" ? "linkCase" : "unlinkCase",
      summary: type === "link" ? "Add one of your cases to the problem" : "Remove a case from the problem",
      body: linkCaseRequest,
      command: ({ caseId, reason }) => ({ type, caseId, reason }),
    });
}

type ProblemRoute<Schema extends z.ZodType> = {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly body: Schema;
  readonly command: (body: z.output<Schema>) => GivenProblemCommand;
};

/** Fastify without the types of its schemas. The type `ProblemRoute` ensures that the schema and the command of a route match. */
type UntypedHttp = {
  post(
    url: string,
    options: { readonly schema: object },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): unknown;
};

function createServe(http: Http, deps: RouteDeps) {
  const untyped = http as unknown as UntypedHttp;
  const refuses = ["forbidden", "already_exists", "illegal_transition", "limit_reached", ...timelineRefusals];
  return <Schema extends z.ZodType>({ path, operationId, summary, body, command }: ProblemRoute<Schema>): void => {
    const described = { operationId, summary, refuses, tags: ["problems"] };
    const schema = { ...described, params: problemParams, body, response: { 200: problemResponse } };
    untyped.post(`/v1/problems/:id/${path}`, { schema }, async (request, reply) => {
      const caller = callerOf(request);
      const { id: problemId } = request.params as z.output<typeof problemParams>;
      const found = await findProblem(deps.database, caller.party, problemId);
      if (found === undefined) return refuse(reply, noSuchProblem);
      const sent = request.body as z.output<Schema> & Body;
      const idempotency = idempotencyOf(request, sent, found.timeline);
      if (isRefusal(idempotency)) return refuse(reply, idempotency);
      const by = { actor: actorOf(caller, sent), origin: originOf(request) };
      const given = { problemId, command: command(sent) };
      const outcome = await onTimeline(deps, idempotency, (tx, at) => changeProblem(tx, given, by, at));
      markReplayed(reply, outcome);
      return isRefusal(outcome) ? refuse(reply, outcome) : reply.code(200).send(outcome.body);
    });
  };
}
