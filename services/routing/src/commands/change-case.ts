import {
  type Actor,
  type HandoffEvent,
  type Instant,
  type Message,
  type MessageOrigin,
  type QueueEvent,
  type Refusal,
  isRefusal,
  topics,
} from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingDecision,
  type CrossingDeps,
  isRefused,
  accessAfterDecision,
} from "@crossline/domain";
import { type IdempotentRequest, type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { type Database, now } from "@crossline/postgres";
import { lockCases } from "../store/case-crossings.ts";
import { knownErrorsOf, readKnownErrors } from "../store/known-errors.ts";
import type { Lines } from "../store/lines.ts";
import type { DutyReader } from "../store/on-duty.ts";
import { decideWithPeople } from "../store/people.ts";
import { saveDecisions } from "../store/save-decisions.ts";
import type { AwaitCaughtUp } from "./await-caught-up.ts";

/** The dependencies that all commands share. */
export type CommandDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly duty: DutyReader;
  readonly awaitCaughtUp: AwaitCaughtUp;
  /** Receives the messages of a command after the commit of its transaction. */
  readonly onCommitted: (messages: readonly Message[]) => void;
};

/**
 * A parsed request: the calling party, the party's person, and the idempotency key with the data that a repeated request must
 * match.
 */
export type CommandRequest = Omit<IdempotentRequest, "timeline"> & {
  readonly person: string | undefined;
  /** True if the person has signed in. */
  readonly isProven: boolean;
} & MessageOrigin;

/** A command's decision on a case, with the instant of the decision and the dependencies that the decision used. */
export type CommandOutcome<D extends CrossingDecision = CrossingDecision> = {
  readonly decision: D;
  readonly at: Instant;
  readonly deps: CrossingDeps;
};

export type CaseCommand<Body, D extends CrossingDecision = CrossingDecision> = {
  readonly decide: (before: CaseCrossing, deps: CrossingDeps, at: Instant) => D | { readonly refused: Refusal };
  readonly answer: (changed: CommandOutcome<D>) => Body;
};

/**
 * Runs a command on a case once per idempotency key. The function waits until a stepped timeline has caught up, locks the case,
 * decides, and saves the decision. The command's instant is the timeline mark, or now on the wall timeline, but never earlier
 * than the last event of the case.
 */
export async function changeCase<Body, D extends CrossingDecision>(
  { database, lines, duty, awaitCaughtUp, onCommitted }: CommandDeps,
  commandRequest: CommandRequest,
  { caseId, timeline }: Pick<CaseCrossing, "caseId" | "timeline">,
  { decide, answer }: CaseCommand<Body, D>,
): Promise<IdempotentOutcome<Body>> {
  // The function waits before it opens the transaction. During the wait, an open transaction would occupy a connection that the
  // consumer may need to catch up.
  const mark = await awaitCaughtUp(timeline, commandRequest.party);
  if (isRefusal(mark)) return mark;
  let messages: readonly Message[] = [];
  const outcome = await withIdempotency<Body>(database, { ...commandRequest, timeline }, async (tx) => {
    const [before] = await lockCases(tx, [caseId]);
    if (before === undefined) throw new Error(`case ${caseId} has no row`);
    await lines.load(tx, [before.line]);
    const at = Math.max(mark ?? (await now(tx)), before.lastEventAt);
    const line = lines.get(before.line);
    const knownErrors = await readKnownErrors(tx, [before]);
    const read = {
      line,
      onDuty: await duty.load(tx, [line]),
      knownErrors: knownErrorsOf(knownErrors, before.timeline),
    };
    const { decision, crossing } = await decideWithPeople(tx, duty, (people) => {
      const deps = { ...read, ...people };
      return { decision: decide(before, deps, at), crossing: deps };
    });
    if (isRefused(decision)) return decision.refused;
    const { state } = decision;
    const originMessages = addOrigin(decision.messages, commandRequest);
    const accessChanges = [...accessAfterDecision(before, state)];
    await saveDecisions(tx, [{ before, state, messages: originMessages, accessChanges }]);
    messages = originMessages;
    return { status: 200, body: answer({ decision, at, deps: crossing }) };
  });
  onCommitted(messages);
  return outcome;
}

/** Returns the actor of a request: the calling party and, if the request names one, its person. */
export function actorOf({ party, person, isProven }: CommandRequest): Actor {
  return { party, automated: false, ...(person !== undefined && { person }), ...(isProven && { proven: true }) };
}

/** Adds the trace of the request to each message. */
export function addTrace<M extends Message>(messages: readonly M[], traceparent: string | undefined): M[] {
  return messages.map((message) => (traceparent === undefined ? message : { ...message, traceparent }));
}

/**
 * Adds the trace of the request to each message. A record of the hand-off topic about the act of the request's actor also gets the
 * sender of the request. A queue record gets no sender, because another company reads it.
 */
function addOrigin<M extends HandoffEvent | QueueEvent>(messages: readonly M[], request: CommandRequest): M[] {
  const { caller, traceparent } = request;
  return addTrace(messages, traceparent).map((message) =>
    isActOf(request, message) ? { ...message, caller } : message,
  );
}

function isActOf(request: CommandRequest, { topic, data }: HandoffEvent | QueueEvent): boolean {
  if (topic !== topics.handoff || !("actor" in data)) return false;
  const { party, person, automated } = data.actor;
  return !automated && party === request.party && person === request.person;
}
