import {
  endIncidentRequest,
  joinIncidentRequest,
  newId,
  presentedIncident,
  writeIncidentMessageRequest,
} from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, type Http, callerOf, isRefusal, refuse } from "@crossline/service";
import { z } from "zod";
import { type IncidentRequest, changeIncident } from "../commands/command-incident.ts";
import { presentIncident } from "../responses/present-incident.ts";
import type { RouteDeps } from "./deps.ts";
import { findOwnIncident, incidentParams, refuseVendor } from "./own-incident.ts";
import { onTimeline } from "../timelines/on-timeline.ts";
import { actorOf, idempotencyOf, markReplayed } from "./post-request.ts";

const messageParams = incidentParams.extend({ messageId: z.string().max(64) });

const refuses = [
  "forbidden",
  "illegal_transition",
  "limit_reached",
  "not_found",
  "not_quiet",
  "timeline_broken",
  "timeline_ended",
] as const;

/** The route of one command on an incident. */
type CommandRoute<Body extends z.ZodType> = {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly body: Body;
  readonly params?: z.ZodType;
  readonly command: (body: z.output<Body>, params: { readonly messageId: string }) => IncidentRequest;
};

/** Serves the commands on an incident. */
export function serveIncidentCommands(http: Http, deps: RouteDeps): void {
  const serve = createServe(http, deps);
  serve({
    path: "join",
    operationId: "joinIncident",
    summary: "Add a case to an incident",
    body: joinIncidentRequest,
    command: ({ caseId, reason }) => ({ type: "join", caseId, reason }),
  });
  serve({
    path: "leave",
    operationId: "leaveIncident",
    summary: "Remove a case from an incident; its clocks start again",
    body: joinIncidentRequest,
    command: ({ caseId, reason }) => ({ type: "leave", caseId, reason }),
  });
  serve({
    path: "end",
    operationId: "endIncident",
    summary: "End an incident; the members leave, and the lead case stays as it is",
    body: endIncidentRequest,
    command: ({ reason }) => ({ type: "end", reason }),
  });
  serve({
    path: "messages",
    operationId: "writeIncidentMessage",
    summary: "Write one message to the customers of all cases of an incident",
    body: writeIncidentMessageRequest,
    command: ({ text, channel, via, reason }) => ({
      type: "write",
      messageId: newId("ms"),
      text,
      channel,
      via,
      reason,
    }),
  });
  serve({
    path: "messages/:messageId/release",
    operationId: "releaseIncidentMessage",
    summary: "Release a held message to all cases of an incident",
    body: endIncidentRequest,
    params: messageParams,
    command: ({ reason }, { messageId }) => ({ type: "release", messageId, reason }),
  });
  serve({
    path: "messages/:messageId/withdraw",
    operationId: "withdrawIncidentMessage",
    summary: "Withdraw a held message of an incident",
    body: endIncidentRequest,
    params: messageParams,
    command: ({ reason }, { messageId }) => ({ type: "withdraw", messageId, reason }),
  });
}

function createServe(http: Http, deps: RouteDeps) {
  const untyped = http as unknown as UntypedHttp;
  return <Body extends z.ZodType>(route: CommandRoute<Body>): void => {
    const { path, operationId, summary, body: bodySchema, params = incidentParams, command } = route;
    const described = { operationId, summary, refuses, tags: ["incidents"] };
    const schema = { ...described, params, body: bodySchema, response: { 200: presentedIncident } };
    untyped.post(`/v1/incidents/:id/${path}`, { schema }, async (request, reply) => {
      const caller = callerOf(request);
      const { id, messageId = "" } = request.params as { readonly id: string; readonly messageId?: string };
      const found = refuseVendor(caller) ?? (await findOwnIncident(deps, id, caller));
      if (isRefusal(found)) return refuse(reply, found);
      const body = request.body as z.output<Body> & { readonly person?: string; readonly automated: boolean };
      const idempotency = idempotencyOf(request, body, found.timeline);
      if (isRefusal(idempotency)) return refuse(reply, idempotency);
      const actor = actorOf(caller, body);
      const outcome = await onTimeline(deps, idempotency, async (tx, at) => {
        const changed = await changeIncident(tx, id, command(body, { messageId }), { actor, at });
        return isRefusal(changed) ? changed : { status: 200, body: presentIncident(changed) };
      });
      if (isRefusal(outcome)) return refuse(reply, outcome);
      markReplayed(reply, outcome);
      return reply.code(200).send(outcome.body);
    });
  };
}

/** Fastify without the types of its schemas. The type `CommandRoute` ensures that the schema and the command of a route match. */
type UntypedHttp = {
  post(
    url: string,
    options: { readonly schema: object },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): unknown;
};
