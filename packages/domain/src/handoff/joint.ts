import { type Actor, type Engineer, type Instant, type Refusal, refusal } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import type { Outcome } from "../decision.ts";
import { type CaseCrossing, type CrossingDecision, tell } from "./crossing.ts";

type Answer = Outcome<CaseCrossing, CrossingDecision["messages"][number]>;

/** A party of a joint case names its person; with `accountable`, that it answers for the case from now on. */
export function nameJointPerson(
  state: CaseCrossing,
  { engineer, accountable = false }: { readonly engineer: Engineer; readonly accountable?: boolean | undefined },
  actor: Actor,
  at: Instant,
): Answer {
  const refused = refuseJoint(state, actor);
  if (refused !== undefined || state.joint === undefined) return refused ?? notJoint;
  const { party } = actor;
  const joint = accountable ? { ...state.joint, accountable: party } : state.joint;
  const parties = [...joint.parties];
  const data = { actor, party, parties, ...(accountable && { accountable }), subject: { engineer } };
  return tell({ state: { ...state, joint }, messages: [] }, at, "joint.person-named", data);
}

/** Both companies have met over the joint case: its clock ends. */
export function holdSession(state: CaseCrossing, outcome: string, actor: Actor, at: Instant): Answer {
  const refused = refuseJoint(state, actor);
  if (refused !== undefined || state.joint === undefined) return refused ?? notJoint;
  const parties = [...state.joint.parties];
  return tell({ state, messages: [] }, at, "joint.session-held", { actor, parties, outcome });
}

const notJoint = { refused: refusal("illegal_transition", "The case is not joint.") };

function refuseJoint({ joint, status }: CaseCrossing, { party }: Actor): { readonly refused: Refusal } | undefined {
  if (joint === undefined) return notJoint;
  if (isEnded(status)) return { refused: refusal("illegal_transition", "The case is over; reopen it first.") };
  if (!joint.parties.includes(party))
    return { refused: refusal("forbidden", "This is for the parties of the joint case.") };
  return undefined;
}
