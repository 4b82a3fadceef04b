import {
  type Instant,
  assignmentParams,
  assignmentTokenRequest,
  claimAssignmentRequest,
  claimAssignmentResponse,
  formatInstant,
  releaseAssignmentResponse,
  renewAssignmentResponse,
} from "@crossline/contracts";
import { type PoolDecision, briefAt } from "@crossline/domain";
import { type Http, isRefusal, send } from "@crossline/service";
import { runAssignmentCommand } from "../commands/command-assignment.ts";
import { commandRequestOf, sealedCommandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";

const address = "/v1/pools/:name/assignments/:id";
const params = assignmentParams;
const refusals = ["illegal_transition", "not_quiet", "timeline_broken", "timeline_ended"] as const;

/** Registers the commands of a carrier's people on an assignment to a pool. */
export function serveAssignments(http: Http, deps: RouteDeps): void {
  http.post(
    `${address}/claim`,
    {
      onRequest: deps.allow("carrier"),
      schema: {
        operationId: "claimAssignment",
        summary: "Claim an assignment for a certified person; the response has the token and the brief",
        refuses: [...refusals, "already_claimed", "not_certified"],
        params,
        body: claimAssignmentRequest,
        response: { 200: claimAssignmentResponse },
      },
    },
    async (request, reply) => {
      const { person } = request.body;
      // The response contains the brief, which has personal data.
      const commandRequest = sealedCommandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const given = { ...targetOf(request.params), command: { type: "claim", person } } as const;
      const outcome = await runAssignmentCommand(deps, commandRequest, given, ({ decision, at }) => ({
        ...leaseOf(decision, at),
        brief: briefAt(decision.state, at),
      }));
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    `${address}/renew`,
    {
      onRequest: deps.allow("carrier"),
      schema: {
        operationId: "renewAssignment",
        summary: "Renew the claim of an assignment",
        refuses: [...refusals, "stale_token"],
        params,
        body: assignmentTokenRequest,
        response: { 200: renewAssignmentResponse },
      },
    },
    async (request, reply) => {
      const { person, token } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const given = { ...targetOf(request.params), command: { type: "renew", token } } as const;
      const outcome = await runAssignmentCommand(deps, commandRequest, given, ({ decision, at }) =>
        leaseOf(decision, at),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveRelease(http, deps);
}

function serveRelease(http: Http, deps: RouteDeps): void {
  http.post(
    `${address}/release`,
    {
      onRequest: deps.allow("carrier"),
      schema: {
        operationId: "releaseAssignment",
        summary: "Release the claim of an assignment; another person of the pool or the next line step follows",
        refuses: [...refusals, "stale_token"],
        params,
        body: assignmentTokenRequest,
        response: { 200: releaseAssignmentResponse },
      },
    },
    async (request, reply) => {
      const { person, token } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { id: assignmentId } = request.params;
      const given = { ...targetOf(request.params), command: { type: "release", token } } as const;
      const outcome = await runAssignmentCommand(deps, commandRequest, given, ({ at }) => ({
        assignmentId,
        at: formatInstant(at),
      }));
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function targetOf({ name, id }: { readonly name: string; readonly id: string }) {
  return { pool: name, assignmentId: id };
}

function leaseOf({ claimed }: PoolDecision, at: Instant) {
  if (claimed === undefined) throw new Error(`a claim or renewal at ${at} returned no lease`);
  const { id: assignmentId, token, leaseUntil } = claimed;
  return { assignmentId, token, leaseUntil: formatInstant(leaseUntil) };
}
