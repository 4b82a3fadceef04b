import type { Actor, Engineer, Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { refuse } from "../decision.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingOutcome } from "./case-crossing.ts";
import { withoutWait } from "./waits.ts";

/**
 * Records that a person takes a case. A person may take the case after a call of the last resort or a page of a line step. The
 * take ends the calls.
 */
export function takeByPerson(state: CaseCrossing, person: Engineer, actor: Actor, at: Instant): CrossingOutcome {
  const refused = refuseAction(rolesOf(state, actor.party), "take");
  // People of a paged company may take the case, whatever the role of the company is.
  if (refused !== undefined && !wasPaged(state, actor.party)) return { refused };
  if (!canBeTaken(state) || !isUnsolved(state.status)) {
    return refuse(
      "illegal_transition",
      "No call of the last resort and no page of a line step is open for this case, so it cannot be taken.",
    );
  }
  const data = { actor, subject: { engineer: person } };
  const taken = appendHandoffEvent({ state, messages: [] }, at, { type: "handoff.taken", data });
  return { state: withoutWait(taken.state), messages: taken.messages };
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
