import { type Refusal, partyOf, refusal } from "@crossline/contracts";
import {
  type DeskCommand,
  type LeaseCommand,
  type LeaseDecision,
  commandHandoff,
  faultOfQueue,
  leaseHandoff,
} from "@crossline/domain";
import type { IdempotentOutcome } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { unknownParties } from "../store/parties.ts";
import { type OpenHandoff, findHandoff } from "../store/queues.ts";
import { type CommandRequest, type CaseCommand, type CommandDeps, actorOf, changeCase } from "./change-case.ts";
import { findNamedQueues } from "./find-named-queues.ts";

/** The queue and the hand-off in the address of a request. */
export type HandoffTarget = { readonly queue: string; readonly handoffId: string };

export const noSuchHandoff: Refusal = refusal("not_found", "None of your queues has a hand-off with this id.");

/** Returns true if the queue belongs to the vendor, because the name of the queue begins with the vendor's name. */
export function isOwnQueue(vendor: string, queue: string): boolean {
  return queue.startsWith(`${vendor}.`);
}

/** Finds a hand-off in a queue of the vendor. The function waits for no record, because routing itself creates the hand-offs. */
export async function findOwnHandoff(
  database: Database,
  vendor: string,
  { queue, handoffId }: HandoffTarget,
): Promise<OpenHandoff | undefined> {
  if (!isOwnQueue(vendor, queue)) return undefined;
  return findHandoff(database, vendor, queue, handoffId);
}

/** Claims a hand-off for a vendor's desk, or renews the claim. `answer` makes the response from the decision. */
export async function runLeaseCommand<Body>(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  { command, ...target }: HandoffTarget & { readonly command: LeaseCommand },
  answer: CaseCommand<Body, LeaseDecision>["answer"],
): Promise<IdempotentOutcome<Body>> {
  const handoff = await findOwnHandoff(deps.database, commandRequest.party, target);
  if (handoff === undefined) return noSuchHandoff;
  const actor = actorOf(commandRequest);
  const decide: CaseCommand<Body, LeaseDecision>["decide"] = (before, _known, at) =>
    leaseHandoff(before, target.handoffId, command, { actor, at });
  return changeCase(deps, commandRequest, handoff, { decide, answer });
}

/** Refuses a transfer to an unknown vendor, or to a queue that is not open to the carrier of the case. */
async function refuseQueue(
  database: Database,
  to: string,
  carrier: string,
  vendor: string,
): Promise<Refusal | undefined> {
  const named = partyOf(to);
  if ((await unknownParties(database, "vendor", [named])).length > 0) {
    const fields = [{ at: "/to", message: `no vendor named ${named} is registered` }];
    return refusal("unknown_party", `There is no vendor named ${named}.`, { fields });
  }
  const sender = { carrier, vendor };
  const fault = faultOfQueue((await findNamedQueues(database, [to], sender))(to), to, sender);
  if (fault === undefined) return undefined;
  const { message, nearest } = fault;
  return refusal("queue_not_open", `${message[0]?.toUpperCase()}${message.slice(1)}.`, {
    fields: [{ at: "/to", message }],
    ...(nearest !== undefined && { facts: { nearest } }),
  });
}

/** Runs the command of a vendor's desk on a claimed or accepted hand-off. `answer` makes the response from the decision. */
export async function runHandoffCommand<Body>(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  { command, ...target }: HandoffTarget & { readonly command: DeskCommand },
  answer: CaseCommand<Body>["answer"],
): Promise<IdempotentOutcome<Body>> {
  const handoff = await findOwnHandoff(deps.database, commandRequest.party, target);
  if (handoff === undefined) return noSuchHandoff;
  if (command.type === "transfer") {
    const refused = await refuseQueue(deps.database, command.to, handoff.state.carrier, commandRequest.party);
    if (refused !== undefined) return refused;
  }
  const decide: CaseCommand<Body>["decide"] = (before, crossing, at) =>
    commandHandoff(before, { handoffId: target.handoffId, command, actor: actorOf(commandRequest) }, crossing, at);
  return changeCase(deps, commandRequest, handoff, { decide, answer });
}
