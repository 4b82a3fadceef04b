import type { Actor, Engineer, Instant, Refusal } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import { refuse } from "../decision.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingOutcome } from "./case-crossing.ts";

/** Records the person that a party names for a joint case. If `accountable` is true, that party becomes accountable. */
export function nameJointPerson(
  state: CaseCrossing,
  { engineer, accountable = false }: { readonly engineer: Engineer; readonly accountable?: boolean | undefined },
  actor: Actor,
  at: Instant,
): CrossingOutcome {
  const refused = refuseJoint(state, "name-joint-person", actor);
  if (refused !== undefined || state.joint === undefined) return refused ?? notJoint;
  const { party } = actor;
  const joint = accountable ? { ...state.joint, accountable: party } : state.joint;
  const parties = [...joint.parties];
  const data = { actor, party, parties, ...(accountable && { accountable }), subject: { engineer } };
  const named = { state: { ...state, joint }, messages: [] };
  return appendHandoffEvent(named, at, { type: "joint.person-named", data });
}

/** Records a joint session, which ends the clock `joint`. */
export function holdSession(state: CaseCrossing, outcome: string, actor: Actor, at: Instant): CrossingOutcome {
  const refused = refuseJoint(state, "hold-joint-session", actor);
  if (refused !== undefined || state.joint === undefined) return refused ?? notJoint;
  const parties = [...state.joint.parties];
  const data = { actor, parties, outcome };
  return appendHandoffEvent({ state, messages: [] }, at, { type: "joint.session-held", data });
}

const notJoint = refuse("illegal_transition", "The case is not joint.");

function refuseJoint(
  state: CaseCrossing,
  act: "name-joint-person" | "hold-joint-session",
  { party }: Actor,
): { readonly refused: Refusal } | undefined {
  const refused = refuseAction(rolesOf(state, party), act);
  if (refused !== undefined) return { refused };
  if (state.joint === undefined) return notJoint;
  if (isEnded(state.status)) return refuse("illegal_transition", "The case has ended; reopen it first.");
  return undefined;
}
