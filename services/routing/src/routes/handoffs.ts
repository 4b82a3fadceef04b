import {
  acceptRequest,
  claimResponse,
  claimRequest,
  formatInstant,
  handoffResponse,
  queueHandoffParams,
  rejectRequest,
  releaseRequest,
  renewResponse,
  renewRequest,
  requestInfoRequest,
  resolveRequest,
  returnRequest,
  transferRequest,
} from "@crossline/contracts";
import type { DeskCommand, LeaseDecision } from "@crossline/domain";
import { type Http, isRefusal, send } from "@crossline/service";
import type { CommandOutcome } from "../commands/change-case.ts";
import { runHandoffCommand, runLeaseCommand } from "../commands/command-handoff.ts";
import { commandRequestOf, sealedCommandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";
import { briefIn } from "./present-handoff.ts";

const address = "/v1/queues/:queue/handoffs/:id";
const params = queueHandoffParams;
const callerKinds = ["vendor", "carrier", "operator"] as const;

const deskRefusals = ["illegal_transition", "not_quiet", "timeline_broken", "timeline_ended"] as const;

/** Registers the commands of a vendor's desk on a hand-off. Each command has its own address. */
export function serveHandoffs(http: Http, deps: RouteDeps): void {
  const onRequest = deps.allow(...callerKinds);
  http.post(
    `${address}/claim`,
    {
      onRequest,
      schema: {
        operationId: "claimHandoff",
        summary: "Claim a hand-off; the response has the token and the brief",
        refuses: [...deskRefusals, "already_claimed"],
        params,
        body: claimRequest,
        response: { 200: claimResponse },
      },
    },
    async (request, reply) => {
      // The response contains the brief, which has personal data.
      const commandRequest = sealedCommandRequestOf(request, request.body?.person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { queue, id: handoffId } = request.params;
      const outcome = await runLeaseCommand(
        deps,
        commandRequest,
        { queue, handoffId, command: { type: "claim" } },
        (changed) => ({
          ...leaseOf(changed),
          brief: briefIn(changed.decision.state, changed.at, changed.deps),
        }),
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    `${address}/renew`,
    {
      onRequest,
      schema: {
        operationId: "renewClaim",
        summary: "Renew a claim",
        refuses: [...deskRefusals, "stale_token"],
        params,
        body: renewRequest,
        response: { 200: renewResponse },
      },
    },
    async (request, reply) => {
      const { person, token } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { queue, id: handoffId } = request.params;
      const outcome = await runLeaseCommand(
        deps,
        commandRequest,
        { queue, handoffId, command: { type: "renew", token } },
        leaseOf,
      );
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  for (const step of deskRoutes) serveDeskCommand(http, deps, step);
}

type DeskRoute = (typeof deskRoutes)[number];

/** The commands that change the phase of a hand-off. */
const deskRoutes = [
  {
    type: "release",
    operationId: "releaseHandoff",
    refuses: [],
    summary: "Release a claim",
    body: releaseRequest,
    phase: "offered",
  },
  {
    type: "accept",
    operationId: "acceptHandoff",
    refuses: ["stale_version"],
    summary: "Accept a hand-off; your company is then the holder",
    body: acceptRequest,
    phase: "accepted",
  },
  {
    type: "reject",
    operationId: "rejectHandoff",
    refuses: [],
    summary: "Reject a hand-off with a code; the next line step follows",
    body: rejectRequest,
    phase: "rejected",
  },
  {
    type: "request-info",
    operationId: "requestInformation",
    refuses: [],
    summary: "Ask the carrier a question before the acceptance; your clock is paused meanwhile",
    body: requestInfoRequest,
    phase: "info-requested",
  },
  {
    type: "return",
    operationId: "returnHandoff",
    refuses: ["evidence_needed", "returning_closed"],
    summary: "Return an accepted case to the carrier, with evidence",
    body: returnRequest,
    phase: "returned",
  },
  {
    type: "transfer",
    operationId: "transferHandoff",
    refuses: ["evidence_needed", "queue_not_open", "returning_closed", "unknown_party"],
    summary: "Transfer an accepted case to another queue",
    body: transferRequest,
    phase: "transferred",
  },
  {
    type: "resolve",
    operationId: "resolveHandoff",
    refuses: ["root_cause_needed"],
    summary: "Report the fix of a case",
    body: resolveRequest,
    phase: "resolved",
  },
] as const;

function serveDeskCommand(
  http: Http,
  deps: RouteDeps,
  { type, operationId, refuses, summary, body, phase }: DeskRoute,
): void {
  http.post(
    `${address}/${type}`,
    {
      onRequest: deps.allow(...callerKinds),
      schema: {
        operationId,
        summary,
        refuses: [...deskRefusals, "stale_token", ...refuses],
        params,
        body,
        response: { 200: handoffResponse },
      },
    },
    async (request, reply) => {
      const { person, ...rest } = request.body;
      const commandRequest = commandRequestOf(request, person);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { queue, id: handoffId } = request.params;
      const command = { ...rest, type } as DeskCommand;
      const outcome = await runHandoffCommand(deps, commandRequest, { queue, handoffId, command }, ({ at }) => ({
        handoffId,
        phase,
        at: formatInstant(at),
      }));
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function leaseOf({ decision: { leased } }: CommandOutcome<LeaseDecision>) {
  return { handoffId: leased.id, token: leased.token, leaseUntil: formatInstant(leased.leaseUntil) };
}
