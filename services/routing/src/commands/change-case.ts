import { type Actor, type Instant, type Message, type Refusal, isRefusal } from "@crossline/contracts";
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
import { saveDecisions } from "../store/save-decisions.ts";
import type { AwaitCaughtUp } from "./await-caught-up.ts";

/** Every command gets the database, the lines, the rosters on duty, the driver of stepped timelines and a listener. */
export type CommandDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly duty: DutyReader;
  readonly awaitCaughtUp: AwaitCaughtUp;
  /** Hears what a command has told, once it is committed. */
  readonly onCommitted: (messages: readonly Message[]) => void;
};

/** A request as the edge has read it: who asks, and what it is recognised by when it comes again. */
export type CommandRequest = Omit<IdempotentRequest, "timeline"> & {
  readonly person: string | undefined;
  readonly traceparent: string | undefined;
};

/** What a command made of a case, and when. */
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
 * Does a command on a case, once for its idempotency key: waits for quiet on a stepped timeline, decides under the
 * case's lock, saves. It happens at the mark of a stepped timeline and now on the wall, never before the case's last event.
 */
export async function changeCase<Body, D extends CrossingDecision>(
  { database, lines, duty, awaitCaughtUp, onCommitted }: CommandDeps,
  commandRequest: CommandRequest,
  { caseId, timeline }: Pick<CaseCrossing, "caseId" | "timeline">,
  { decide, answer }: CaseCommand<Body, D>,
): Promise<IdempotentOutcome<Body>> {
  // Before the transaction: it would keep a connection that the consumer may need to come to rest.
  const mark = await awaitCaughtUp(timeline, commandRequest.party);
  if (isRefusal(mark)) return mark;
  let messages: readonly Message[] = [];
  const outcome = await withIdempotency<Body>(database, { ...commandRequest, timeline }, async (tx) => {
    const [before] = await lockCases(tx, [caseId]);
    if (before === undefined) throw new Error(`the case ${caseId} has vanished`);
    await lines.load(tx, [before.line]);
    const at = Math.max(mark ?? (await now(tx)), before.lastEventAt);
    const line = lines.get(before.line);
    const knownErrors = await readKnownErrors(tx, [before]);
    const deps = {
      line,
      onDuty: await duty.load(tx, [line]),
      knownErrors: knownErrorsOf(knownErrors, before.timeline),
    };
    const decision = decide(before, deps, at);
    if (isRefused(decision)) return decision.refused;
    const { state } = decision;
    const tracedMessages = addTrace(decision.messages, commandRequest.traceparent);
    const accessChanges = [...accessAfterDecision(before, state)];
    await saveDecisions(tx, [{ before, state, messages: tracedMessages, accessChanges }]);
    messages = tracedMessages;
    return { status: 200, body: answer({ decision, at, deps }) };
  });
  onCommitted(messages);
  return outcome;
}

/** The person of the calling party. */
export function actorOf({ party, person }: CommandRequest): Actor {
  return { party, automated: false, ...(person !== undefined && { person }) };
}

/** The same messages, as parts of the request's trace. */
export function addTrace<M extends Message>(messages: readonly M[], traceparent: string | undefined): M[] {
  return messages.map((message) => (traceparent === undefined ? message : { ...message, traceparent }));
}
