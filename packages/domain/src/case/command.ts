import {
  type Actor,
  type CaseEvent,
  type EventData,
  type Instant,
  type ReopenCode,
  refusal,
} from "@crossline/contracts";
import type { Outcome } from "../decision.ts";
import type { Line } from "../line/line.ts";
import { type CaseDecision, type CaseFact, type CaseState, tellCase } from "./case.ts";
import { illegal, into, refuse } from "./answers.ts";
import {
  type SeverityCommand,
  type StatusCommand,
  changeSeverity,
  changeStatus,
  isRootless,
  refuseRootless,
} from "./change-status.ts";
import { type EntryCommand, addEntry } from "./entries.ts";
import { knowSubject, refuseIdentity } from "./subject.ts";
import { lineCause } from "./open.ts";
import { type PromiseCommand, commandPromise } from "./promises.ts";
import { isEnded, isUnsolved } from "./status.ts";

type Told<T extends CaseEvent["type"]> = Omit<EventData<T>, "actor">;

/** What a party can do with a case. Ids are the caller's, made anew for each command. */
export type CaseCommand =
  | ({ readonly type: "contact" } & Told<"case.contacted">)
  | ({ readonly type: "start-handling" } & Told<"handling.started">)
  | { readonly type: "beat"; readonly handlingId: string }
  | { readonly type: "end-handling"; readonly handlingId: string }
  | EntryCommand
  | { readonly type: "move"; readonly to: Pick<Line, "ref" | "requires">; readonly reason: string }
  | StatusCommand
  | SeverityCommand
  | PromiseCommand
  /** `observing`: the case's line only measures. */
  | { readonly type: "cross"; readonly asOf: number; readonly reason?: string | undefined; readonly observing: boolean }
  | { readonly type: "confirm" }
  | { readonly type: "reopen"; readonly code?: ReopenCode | undefined; readonly reason: string }
  | { readonly type: "close"; readonly note?: string | undefined };

/**
 * Limits of one case; the command beyond is refused with `limit_reached`. That of live handlings is for each party: none
 * can keep another's people from the customer.
 */
export const caseLimits = { entries: 10_000, contacts: 1_000, liveHandlings: 20, events: 100_000 } as const;

/** Only the case's carrier may do these; the others are also for a vendor that the case has crossed to. */
const carriersOnly: ReadonlySet<CaseCommand["type"]> = new Set(["cross", "confirm", "reopen", "close", "move"]);
/** Possible however many events a case has: nobody may talk a case into a state that it cannot leave. */
const unlimited: ReadonlySet<CaseCommand["type"]> = new Set(["cross", "confirm", "close", "end-handling"]);

/**
 * Decides a command on a case at instant `at` (not before the case's last event), by an actor who may see the case. A
 * refusal changes nothing. A decision without messages changes nothing either: what was asked for has been done already.
 */
export function commandCase(
  state: CaseState,
  command: CaseCommand,
  actor: Actor,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
  if (carriersOnly.has(command.type) && actor.party !== state.carrier) {
    return refuse("forbidden", `Only the case's carrier can ${command.type} it.`);
  }
  if (state.mergedInto !== undefined) return illegal(state, "change", "");
  if (state.sequence >= caseLimits.events && !unlimited.has(command.type))
    return refuse("limit_reached", `A case has at most ${caseLimits.events} events.`);
  const tell = (fact: CaseFact): CaseDecision => tellCase({ state, messages: [] }, at, fact);
  switch (command.type) {
    case "contact": {
      if (state.contacts >= caseLimits.contacts)
        return refuse("limit_reached", `A case has at most ${caseLimits.contacts} contacts.`);
      const { type: _, ...data } = command;
      const mistyped = refuseIdentity(data.subject);
      if (mistyped !== undefined) return { refused: mistyped };
      const told = tell({ type: "case.contacted", data: { ...data, actor } });
      return { ...told, state: { ...knowSubject(told.state, data.subject), contacts: state.contacts + 1 } };
    }
    case "add-entry": {
      if (state.entries >= caseLimits.entries)
        return refuse("limit_reached", `A case has at most ${caseLimits.entries} entries.`);
      return addEntry(state, command, actor, tell, at);
    }
    case "move":
      return move(state, command, actor, tell);
    case "start-handling":
    case "beat":
    case "end-handling":
      return handle(state, command, actor, tell, at);
    case "change-status":
      return changeStatus(state, command, actor, tell, at);
    case "change-severity":
      return changeSeverity(state, command, actor, tell);
    case "promise":
    case "deliver-promise":
    case "withdraw-promise":
      return commandPromise(state, command, actor, tell, at);
    case "cross":
      return requestCrossing(state, command, actor, tell);
    case "confirm": {
      if (state.status !== "resolved") return illegal(state, "confirm", "It has to be resolved first.");
      if (isRootless(state)) return refuseRootless();
      const confirmed = tell({ type: "case.confirmed", data: { actor } });
      const data = { actor, from: state.status, reason: "confirmed" } as const;
      return into("closed", tellCase(confirmed, at, { type: "case.closed", data }), at);
    }
    case "reopen": {
      if (state.status !== "resolved" && state.status !== "closed")
        return illegal(state, "reopen", "It is not resolved or closed.");
      const reopened = into(
        "reopened",
        tell({
          type: "case.reopened",
          data: { actor, from: state.status, code: command.code, reason: command.reason },
        }),
        at,
      );
      // What was taken for the root was none, or not all of it.
      const { rootCause: _, ...rootless } = reopened.state;
      return { ...reopened, state: rootless };
    }
    case "close":
      return close(state, command, actor, tell, at);
  }
}

type Tell = (fact: CaseFact) => CaseDecision;

function move(
  state: CaseState,
  { to: { ref, requires }, reason }: Extract<CaseCommand, { type: "move" }>,
  actor: Actor,
  tell: Tell,
): Outcome<CaseState, CaseEvent> {
  const { line: from } = state;
  if (isEnded(state.status)) return illegal(state, "move", "Reopen it first.");
  if (from.carrier === ref.carrier && from.name === ref.name && from.version === ref.version)
    return illegal(state, "move", "It is under this version of this line already.");
  const told = tell({ type: "case.moved", data: { actor, from, line: ref, reason } });
  const { requires: _, ...rest } = told.state;
  const moved = { ...rest, line: ref, lineReason: `moved: ${reason}`, ...(requires.length > 0 && { requires }) };
  // Whoever follows the case to its new line must have read that line.
  const messages = told.messages.map((message) => ({ ...message, after: [...(message.after ?? []), lineCause(ref)] }));
  return { state: moved, messages };
}

function close(
  state: CaseState,
  { note }: Extract<CaseCommand, { type: "close" }>,
  actor: Actor,
  tell: Tell,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
  if (state.status !== "resolved" && !isUnsolved(state.status)) return illegal(state, "close", "It is over already.");
  if (isRootless(state)) return refuseRootless();
  const data = { actor, from: state.status, reason: "by-carrier", note } as const;
  return into("closed", tell({ type: "case.closed", data }), at);
}

function handle(
  state: CaseState,
  command: Extract<CaseCommand, { type: "start-handling" | "beat" | "end-handling" }>,
  actor: Actor,
  tell: Tell,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
  const { handlings } = state;
  if (command.type === "start-handling") {
    if (!isUnsolved(state.status) && state.status !== "resolved") return illegal(state, "handle", "Reopen it first.");
    if (handlings.filter(({ party }) => party === actor.party).length >= caseLimits.liveHandlings) {
      return refuse("limit_reached", `A party has at most ${caseLimits.liveHandlings} live handlings; end one first.`);
    }
    const { type: _, ...data } = command;
    const told = tell({ type: "handling.started", data: { ...data, actor } });
    const handling = { id: data.handlingId, party: actor.party, channel: data.channel, startedAt: at };
    return { ...told, state: { ...told.state, handlings: [...handlings, handling] } };
  }
  const handling = handlings.find(({ id, party }) => id === command.handlingId && party === actor.party);
  if (handling === undefined) return refuse("not_found", "This handling has ended, or never was; start a new one.");
  const data = { actor, handlingId: handling.id, channel: handling.channel };
  if (command.type === "beat") return tell({ type: "handling.continued", data });
  const told = tell({ type: "handling.ended", data });
  return { ...told, state: { ...told.state, handlings: handlings.filter((live) => live !== handling) } };
}

function requestCrossing(
  state: CaseState,
  { asOf, reason, observing }: Extract<CaseCommand, { type: "cross" }>,
  actor: Actor,
  tell: Tell,
): Outcome<CaseState, CaseEvent> {
  if (observing) return illegal(state, "cross", "Its line only observes; nothing crosses under it.");
  if (!isUnsolved(state.status)) return illegal(state, "cross", "It is solved or over.");
  if (asOf > state.version)
    return refuse("invalid_request", `asOf is ahead of the case, which is at version ${state.version}.`);
  // A repeated press changes nothing: somebody is asked already.
  if (state.handoff !== undefined || state.crossingRequested || state.lastResortCalls > 0)
    return { state, messages: [] };
  if (asOf < state.crossingVersion) {
    return {
      refused: refusal(
        "stale_version",
        "Where this case stands has changed since you read it; look again before you decide.",
        {
          facts: { version: state.version, changedAtVersion: state.crossingVersion },
        },
      ),
    };
  }
  const told = tell({ type: "crossing.requested", data: { actor, asOf, reason } });
  return { ...told, state: { ...told.state, crossingRequested: true, crossingVersion: told.state.version } };
}
