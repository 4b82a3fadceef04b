import type { Refusal, Severity } from "@crossline/contracts";
import { type GivenCommand, actionOf } from "./actions.ts";
import { type CaseRole, type WithReading, readingOf, rolesIn } from "./case-reading.ts";
import { partEnded, refuseAction } from "./refuse-action.ts";

/** The parts of a company in a case. */
export function rolesOf(state: WithReading, party: string): readonly CaseRole[] {
  return rolesIn(readingOf(state), party);
}

/** Why a company may not give this command on a case; undefined where its part allows it. */
export function refuseCommand(
  state: WithReading & { readonly severity: Severity },
  command: GivenCommand,
  party: string,
): Refusal | undefined {
  const standings = rolesOf(state, party);
  const refused = refuseAction(standings, actionOf(command, party, state));
  if (refused !== undefined) return refused;
  // A vendor whose part has ended ends what it has promised, while that is open, and hears of no other promise.
  const isOver = standings.includes("former") && "promiseId" in command;
  return isOver && readingOf(state).promised[command.promiseId] !== party ? partEnded : undefined;
}
