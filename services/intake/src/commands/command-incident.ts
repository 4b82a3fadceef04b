import { type Actor, type Instant, type Refusal, refusal } from "@crossline/contracts";
import {
  type CarrierCommand,
  type IncidentState,
  commandOnIncident,
  isRefused,
  tasksOfIncident,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { lockIncident, updateIncident } from "../store/incidents.ts";
import { insertTasks } from "../store/tasks.ts";
import { findJoining } from "./open-incident.ts";

export const noSuchIncident = refusal("not_found", "You have no incident with this id.");

/** A command on an incident. The command `join` names only the case. */
export type IncidentRequest =
  | Exclude<CarrierCommand, { type: "join" }>
  | { readonly type: "join"; readonly caseId: string; readonly reason: string };

/** Executes a carrier's command on an incident, and stores the tasks that change its cases. */
export async function changeIncident(
  tx: Tx,
  id: string,
  request: IncidentRequest,
  { actor, at }: { readonly actor: Actor; readonly at: Instant },
): Promise<IncidentState | Refusal> {
  const state = await lockIncident(tx, id);
  if (state?.carrier !== actor.party) return noSuchIncident;
  const command = request.type === "join" ? await completeJoin(tx, state, request, actor) : request;
  if (isRefusal(command)) return command;
  const outcome = commandOnIncident(state, command, actor, at);
  if (isRefused(outcome)) return outcome.refused;
  await updateIncident(tx, outcome.state);
  await insertTasks(tx, tasksOfIncident(outcome));
  return outcome.state;
}

async function completeJoin(
  tx: Tx,
  state: IncidentState,
  { caseId, reason }: Extract<IncidentRequest, { type: "join" }>,
  actor: Actor,
): Promise<CarrierCommand | Refusal> {
  const isKnown = [state.lead, ...state.members].find((one) => one.caseId === caseId);
  if (isKnown !== undefined) return { type: "join", case: isKnown, reason };
  const joining = await findJoining(tx, caseId, state, actor);
  return isRefusal(joining) ? joining : { type: "join", case: { caseId, openedAt: joining.openedAt }, reason };
}
