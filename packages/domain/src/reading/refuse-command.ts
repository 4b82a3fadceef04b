import type { Refusal, Severity } from "@crossline/contracts";
import { type IncidentCommand, isIncidentCommand } from "../case/incident.ts";
import { type GivenCommand, actionOf } from "./actions.ts";
import { type CaseRole, type WithReading, readingOf, rolesIn } from "./case-reading.ts";
import { noSuchCase, partEnded, refuseAction } from "./refuse-action.ts";

/** Returns the roles of a company in a case. */
export function rolesOf(state: WithReading, party: string): readonly CaseRole[] {
  return rolesIn(readingOf(state), party);
}

/** Returns the refusal of a company's command on a case; undefined if a role of the company allows the command. */
export function refuseCommand(
  state: WithReading & { readonly severity: Severity },
  command: GivenCommand | { readonly type: IncidentCommand["type"] },
  party: string,
): Refusal | undefined {
  // Only intake's tasks send these commands, in the name of the carrier of the incident.
  if (isIncidentCommand(command)) return party === state.carrier ? undefined : noSuchCase;
  const roles = rolesOf(state, party);
  const refused = refuseAction(roles, actionOf(command, party, state));
  if (refused !== undefined) return refused;
  // A vendor whose role has ended can end its own open promises, and does not read other promises.
  const endsPromise = roles.includes("former") && "promiseId" in command;
  return endsPromise && readingOf(state).promised[command.promiseId] !== party ? partEnded : undefined;
}
