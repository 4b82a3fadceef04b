import {
  acceptRequest,
  claimAnswer,
  claimRequest,
  formatInstant,
  handoffAnswer,
  queueHandoffParams,
  rejectRequest,
  releaseRequest,
  renewAnswer,
  renewRequest,
  requestInfoRequest,
  resolveRequest,
  returnRequest,
  transferRequest,
} from "@crossline/contracts";
import type { DeskCommand, LeaseDecision } from "@crossline/domain";
import { type Http, isRefusal, send } from "@crossline/service";
import type { Changed, Desk } from "../commands/change-case.ts";
import { runHandoffCommand, runLeaseCommand } from "../commands/command-handoff.ts";
import { askedOf, sealedAskedOf } from "./asked.ts";
import type { Gate } from "./gate.ts";
import { briefIn } from "./present-handoff.ts";

const address = "/v1/queues/:queue/handoffs/:id";
const params = queueHandoffParams;

/** What a vendor's desk does with a hand-off: one address per command. */
export function addHandoffRoutes(http: Http, gate: Gate, desk: Desk): void {
  const onRequest = gate("vendor", "carrier", "operator");
  http.post(
    `${address}/claim`,
    {
      onRequest,
      schema: {
        summary: "Keep others out for a while; gives the token",
        params,
        body: claimRequest,
        response: { 200: claimAnswer },
      },
    },
    async (request, reply) => {
      // The answer holds the brief.
      const asked = sealedAskedOf(request, request.body?.person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const { queue, id: handoffId } = request.params;
      const outcome = await runLeaseCommand(desk, asked, { queue, handoffId }, { type: "claim" }, (changed) => ({
        ...leaseOf(changed),
        brief: briefIn(changed.decision.state, changed.at, changed.around),
      }));
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    `${address}/renew`,
    {
      onRequest,
      schema: { summary: "Keep others out for longer", params, body: renewRequest, response: { 200: renewAnswer } },
    },
    async (request, reply) => {
      const { person, token } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const { queue, id: handoffId } = request.params;
      const outcome = await runLeaseCommand(desk, asked, { queue, handoffId }, { type: "renew", token }, leaseOf);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  for (const step of steps) addStep(http, desk, onRequest, step);
}

type Step = (typeof steps)[number];

/** The commands that lead to another phase. */
const steps = [
  { type: "release", summary: "Let others have it", body: releaseRequest, phase: "offered" },
  { type: "accept", summary: "Answer for the work from now on", body: acceptRequest, phase: "accepted" },
  { type: "reject", summary: "Refuse it for a reason; the next step follows", body: rejectRequest, phase: "rejected" },
  {
    type: "request-info",
    summary: "Ask the carrier before accepting; your clock rests meanwhile",
    body: requestInfoRequest,
    phase: "info-requested",
  },
  { type: "return", summary: "Send it back, with evidence", body: returnRequest, phase: "returned" },
  { type: "transfer", summary: "Pass it on to another queue", body: transferRequest, phase: "transferred" },
  { type: "resolve", summary: "Say what the cure was", body: resolveRequest, phase: "resolved" },
] as const;

function addStep(http: Http, desk: Desk, onRequest: ReturnType<Gate>, { type, summary, body, phase }: Step): void {
  http.post(
    `${address}/${type}`,
    { onRequest, schema: { summary, params, body, response: { 200: handoffAnswer } } },
    async (request, reply) => {
      const { person, ...rest } = request.body;
      const asked = askedOf(request, person);
      if (isRefusal(asked)) return send(reply, 200, asked);
      const { queue, id: handoffId } = request.params;
      const command = { ...rest, type } as DeskCommand;
      const outcome = await runHandoffCommand(desk, asked, { queue, handoffId }, command, ({ at }) => ({
        handoffId,
        phase,
        at: formatInstant(at),
      }));
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function leaseOf({ decision: { leased } }: Changed<LeaseDecision>) {
  return { handoffId: leased.id, token: leased.token, leaseUntil: formatInstant(leased.leaseUntil) };
}
