import type { Actor, Engineer, Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { refuse } from "../decision.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingOutcome } from "./case-crossing.ts";
import { withoutWait } from "./waits.ts";

/** A person takes a case whose last resort is called, or for which a step has paged a roster: the calls end. */
export function takeByPerson(state: CaseCrossing, person: Engineer, actor: Actor, at: Instant): CrossingOutcome {
  const refused = refuseAction(rolesOf(state, actor.party), "take");
  // The people of a company that was paged take the case, whatever its part.
  if (refused !== undefined && !wasPaged(state, actor.party)) return { refused };
  if (!canBeTaken(state) || !isUnsolved(state.status)) {
    return refuse(
      "illegal_transition",
      "Neither is the last resort being called for this case, nor is anybody paged to take it; there is nothing to take.",
    );
  }
  const data = { actor, subject: { engineer: person } };
  const taken = appendHandoffEvent({ state, messages: [] }, at, { type: "handoff.taken", data });
  return { state: withoutWait(taken.state), messages: taken.messages };
}

/** Whether a person can take the case: the last resort is called, or a page of a step is out. */
export function canBeTaken({ waits }: CaseCrossing): boolean {
  return waits.for === "last-resort" || waits.for === "page";
}

/** Whether people of this party were paged for the case, so that they may take it although it never crossed to them. */
export function wasPaged({ pagedParties = [] }: CaseCrossing, party: string): boolean {
  return pagedParties.includes(party);
}
