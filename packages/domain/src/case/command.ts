import { type Actor, type Instant, type ReopenCode } from "@crossline/contracts";
import { isRefused, refuse } from "../decision.ts";
import type { Line } from "../line/line.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { refuseTransition, withStatus } from "./transition.ts";
import { countsFor, entriesInSameChain } from "./chains.ts";
import { type ContactCommand, recordContact } from "./contact.ts";
import { type CorrectCommand, correctCase } from "./correct.ts";
import { type CrossCommand, requestCrossing } from "./crossing.ts";
import { closeConfirmed, reopen } from "./ending.ts";
import { type ChangeLinkCommand, commandChangeLink } from "./linked-changes.ts";
import { type HandlingCommand, commandHandling } from "./handlings.ts";
import { type SeverityCommand, commandSeverity } from "./change-severity.ts";
import { type StatusCommand, changeStatus, lacksRootCause, refuseWithoutRootCause } from "./change-status.ts";
import { type EntryCommand, addEntry } from "./entries.ts";
import { caseLineRules, lineCause } from "./open.ts";
import { type IncidentCommand, commandIncident, isIncidentCommand, moveMember, settleIncident } from "./incident.ts";
import { type KnownErrorCommand, matchKnownError } from "./known-errors.ts";
import { caseLimits } from "./limits.ts";
import { type MessageCommand, commandMessage } from "../message/command.ts";
import { refuseCommand } from "../reading/refuse-command.ts";
import { type PromiseCommand, commandPromise } from "./promises.ts";
import { isEnded, isUnsolved } from "./status.ts";

/** The part of a line that the state of a case contains. */
type LineOfCase = Pick<Line, "ref" | "requires" | "lettersMs" | "handlings" | "incidents">;

/** A party's command on a case. The caller creates new ids for each command. */
export type CaseCommand =
  | ContactCommand
  | HandlingCommand
  | EntryCommand
  | CorrectCommand
  | { readonly type: "move"; readonly to: LineOfCase; readonly reason: string }
  | StatusCommand
  | SeverityCommand
  | PromiseCommand
  | MessageCommand
  | IncidentCommand
  | CrossCommand
  | ChangeLinkCommand
  | KnownErrorCommand
  | { readonly type: "confirm" }
  | { readonly type: "reopen"; readonly code?: ReopenCode | undefined; readonly reason: string }
  | { readonly type: "close"; readonly note?: string | undefined };

/** The commands that are allowed even if the case has reached its limit of events, so that a case can leave every status. */
const unlimitedCommands: ReadonlySet<CaseCommand["type"]> = new Set(["cross", "confirm", "close", "end-handling"]);

/**
 * Decides a command on a case at `at`, which is not before the case's last event. The table of rights decides whether the
 * actor's company may send the command. A refusal changes nothing. If the command had already taken effect, the decision has no
 * messages and changes nothing.
 */
export function commandCase(state: CaseState, command: CaseCommand, actor: Actor, at: Instant): CaseOutcome {
  if (command.type === "match-known-error") return matchKnownError({ state, messages: [] }, command, actor, at);
  const refused = refuseCommand(state, command, actor.party);
  if (refused !== undefined) return { refused };
  if (isIncidentCommand(command)) return commandIncident(state, command, actor, at);
  if (state.mergedInto !== undefined) return refuseTransition(state, "change", "");
  if (countsFor(state, actor.party).sequence >= caseLimits.events && !unlimitedCommands.has(command.type))
    return refuse("limit_reached", `A case has at most ${caseLimits.events} events.`);
  const outcome = decideCommand(state, command, actor, at);
  return isRefused(outcome) ? outcome : settleIncident(outcome, at);
}

function decideCommand(
  state: CaseState,
  command: Exclude<CaseCommand, IncidentCommand | KnownErrorCommand>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  switch (command.type) {
    case "contact":
      return recordContact(state, command, actor, at);
    case "correct":
      return correctCase(state, command, actor, at);
    case "add-entry": {
      const { audience } = command;
      if (entriesInSameChain(state, { audience, party: actor.party }) >= caseLimits.entries)
        return refuse("limit_reached", `A case has at most ${caseLimits.entries} entries.`);
      return addEntry(state, command, actor, at);
    }
    case "move":
      return moveCase(state, command, actor, at);
    case "start-handling":
    case "beat":
    case "end-handling":
      return commandHandling(state, command, actor, at);
    case "change-status":
      return changeStatus(state, command, actor, at);
    case "change-severity":
    case "decline-severity":
      return commandSeverity(state, command, actor, at);
    case "promise":
    case "deliver-promise":
    case "withdraw-promise":
      return commandPromise(state, command, actor, at);
    case "write-message":
    case "reword-message":
    case "release-message":
    case "withdraw-message":
    case "report-sent":
    case "report-failed":
      return commandMessage(state, command, actor, at);
    case "link-change":
    case "unlink-change":
      return commandChangeLink(state, command, actor, at);
    case "cross":
      return requestCrossing(state, command, actor, at);
    case "confirm": {
      if (state.status !== "resolved") return refuseTransition(state, "confirm", "It must be resolved first.");
      if (lacksRootCause(state)) return refuseWithoutRootCause();
      return closeConfirmed({ state, messages: [] }, actor, at);
    }
    case "reopen": {
      if (state.status !== "resolved" && state.status !== "closed")
        return refuseTransition(state, "reopen", "It is neither resolved nor closed.");
      const { code, reason } = command;
      return reopen({ state, messages: [] }, actor, at, { code, reason });
    }
    case "close":
      return closeByCarrier(state, command, actor, at);
  }
}

function moveCase(
  state: CaseState,
  { to, reason }: Extract<CaseCommand, { type: "move" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  const { line: from } = state;
  const { ref } = to;
  if (isEnded(state.status)) return refuseTransition(state, "move", "Reopen it first.");
  if (from.carrier === ref.carrier && from.name === ref.name && from.version === ref.version)
    return refuseTransition(state, "move", "It is already under this version of this line.");
  const appended = appendCaseEvent({ state, messages: [] }, at, {
    type: "case.moved",
    data: { actor, from, line: ref, reason },
  });
  const { requires: _, lettersMs: __, handlingMaxMs: ___, incidentRule: ____, ...rest } = appended.state;
  const moved = { ...rest, line: ref, lineReason: `moved: ${reason}`, ...caseLineRules(to) };
  // Before a service moves the case to the new line, it must apply the record of this line.
  const messages = appended.messages.map((message) => ({
    ...message,
    after: [...(message.after ?? []), lineCause(ref)],
  }));
  return { state: moveMember(moved), messages };
}

function closeByCarrier(
  state: CaseState,
  { note }: Extract<CaseCommand, { type: "close" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  if (state.status !== "resolved" && !isUnsolved(state.status))
    return refuseTransition(state, "close", "It has already ended.");
  if (lacksRootCause(state)) return refuseWithoutRootCause();
  const data = { actor, from: state.status, reason: "by-carrier", note } as const;
  return withStatus("closed", appendCaseEvent({ state, messages: [] }, at, { type: "case.closed", data }), at);
}
