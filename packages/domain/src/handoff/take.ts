import type { Actor, Engineer, Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { refuse } from "../decision.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { appendHandoffEvent } from "./append-event.ts";
import { missingSkillOf } from "../pool/missing-skill.ts";
import type { CaseCrossing, CrossingOutcome } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import { applyTriggers } from "./triggers.ts";
import { withoutWait } from "./waits.ts";

/** The person who takes a case: the name and contact of the person, and the actor of the command. */
export type TakingPerson = { readonly engineer: Engineer; readonly actor: Actor };

/**
 * Records that a person takes a case. A person may take the case after a call of the last resort or a page of a line step. The
 * take ends the calls. If the person lacks the skill for the device, the trigger `skill.missing` takes the next line step.
 */
export function takeByPerson(
  state: CaseCrossing,
  { engineer, actor }: TakingPerson,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  const refused = refuseAction(rolesOf(state, actor.party), "take");
  // People of a paged company may take the case, whatever the role of the company is.
  if (refused !== undefined && !wasPaged(state, actor.party)) return { refused };
  if (!canBeTaken(state) || !isUnsolved(state.status)) {
    return refuse(
      "illegal_transition",
      "No call of the last resort and no page of a line step is open for this case, so it cannot be taken.",
    );
  }
  const data = { actor, subject: { engineer } };
  const { state: told, messages } = appendHandoffEvent({ state, messages: [] }, at, { type: "handoff.taken", data });
  const taken = { state: withoutWait(told), messages };
  const { person, party } = actor;
  if (person === undefined || party !== state.carrier) return taken;
  const missing = missingSkillOf(taken.state, person, deps, at);
  return missing === undefined ? taken : applyTriggers(taken, deps, at, { missing });
}

/** Returns true if a person can take the case, because a call of the last resort or a page of a line step is open. */
export function canBeTaken({ waits }: CaseCrossing): boolean {
  return waits.for === "last-resort" || waits.for === "page";
}

/**
 * Returns true if people of this party were paged for the case. People of a paged party may take the case even if the case
 * never crossed to their company.
 */
export function wasPaged({ pagedParties = [] }: CaseCrossing, party: string): boolean {
  return pagedParties.includes(party);
}
