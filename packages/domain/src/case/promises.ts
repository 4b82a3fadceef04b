import { type Actor, type Instant, formatInstant, parseInstant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CasePromise, CaseState } from "./case.ts";
import { readingOf } from "../reading/case-reading.ts";
import { isEnded } from "./status.ts";

/** The commands on promises. The promisor is the actor's party, unless the carrier records another party's promise. */
export type PromiseCommand =
  | {
      readonly type: "promise";
      readonly promiseId: string;
      readonly promisor?: string | undefined;
      readonly text: string;
      readonly from?: string | undefined;
      readonly until: string;
      readonly for?: "need-by" | undefined;
    }
  | { readonly type: "deliver-promise"; readonly promiseId: string; readonly evidence: string }
  | { readonly type: "withdraw-promise"; readonly promiseId: string; readonly reason: string };

/** The maximum number of open promises of a case, and the maximum number of promises that the case stores. */
export const promiseLimits = { open: 10, kept: 50 } as const;

/**
 * Decides a command on the promises of a case. A company keeps a promise if it delivers the promise at or before the end of the
 * window.
 */
export function commandPromise(state: CaseState, command: PromiseCommand, actor: Actor, at: Instant): CaseOutcome {
  const { promises = [] } = state;
  if (command.type === "promise") return makePromise(state, command, actor, at);
  const promise = promises.find(({ id }) => id === command.promiseId);
  if (promise === undefined) return refuse("not_found", "This case has no such promise.");
  if (promise.state !== "open")
    return refuse("illegal_transition", `This promise has ended with the state ${promise.state}.`);
  const { promisor } = promise;
  if (actor.party !== promisor && actor.party !== state.carrier)
    return refuse("forbidden", "Only the promisor and the case's carrier can end a promise.");
  if (command.type === "withdraw-promise") {
    const { promiseId, reason } = command;
    const appended = appendCaseEvent({ state, messages: [] }, at, {
      type: "promise.withdrawn",
      data: { actor, promiseId, promisor, reason },
    });
    return { ...appended, state: putPromise(appended.state, { ...promise, state: "withdrawn" }) };
  }
  const isInTime = at <= parseInstant(promise.until);
  const { promiseId, evidence } = command;
  const data = {
    actor,
    promiseId,
    promisor,
    evidence,
    kept: isInTime,
    ...(promise.for !== undefined && { for: promise.for }),
  };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "promise.delivered", data });
  return {
    ...appended,
    state: putPromise(appended.state, { ...promise, state: isInTime ? "kept" : "late", deliveredAt: at }),
  };
}

function makePromise(
  state: CaseState,
  command: Extract<PromiseCommand, { type: "promise" }>,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  const { promises = [] } = state;
  const { promiseId, promisor = actor.party, text, from, until, for: purpose } = command;
  if (isEnded(state.status)) return refuse("illegal_transition", "The case has ended; reopen it first.");
  if (promisor !== actor.party && !readingOf(state).vendors.includes(promisor))
    return refuse("forbidden", "The carrier can only record promises of vendors of this case.");
  if (promises.filter((promise) => promise.state === "open").length >= promiseLimits.open)
    return refuse("limit_reached", `A case has at most ${promiseLimits.open} open promises.`);
  if (parseInstant(until) < at || (from !== undefined && parseInstant(from) > parseInstant(until))) {
    const message =
      parseInstant(until) < at ? `must not be before ${formatInstant(at)}` : "must not be before its beginning";
    return refuse("invalid_request", `The window's end ${message}.`, { fields: [{ at: "/until", message }] });
  }
  const window = { text, ...(from !== undefined && { from }), until, ...(purpose !== undefined && { for: purpose }) };
  const appended = appendCaseEvent({ state, messages: [] }, at, {
    type: "promise.made",
    data: { actor, promiseId, promisor, ...window },
  });
  const made: CasePromise = { id: promiseId, promisor, ...window, state: "open" };
  return { ...appended, state: putPromise(appended.state, made) };
}

/**
 * Returns the case with this promise, new or changed. If a case has too many promises, the oldest ended promises are removed.
 */
export function putPromise(state: CaseState, promise: CasePromise): CaseState {
  const all = [...(state.promises ?? []).filter(({ id }) => id !== promise.id), promise];
  const surplus = Math.max(0, all.length - promiseLimits.kept);
  const dropped = new Set(all.filter(({ state: its }) => its !== "open").slice(0, surplus));
  return { ...state, promises: all.filter((one) => !dropped.has(one)) };
}
