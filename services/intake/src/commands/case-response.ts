import type { Refusal, contactResponse } from "@crossline/contracts";
import { type CaseState, readingOf, accessOf } from "@crossline/domain";
import type { CommandResponse } from "@crossline/idempotency";
import type { z } from "zod";
import { presentCase } from "../responses/present-case.ts";
import { type CaseOutcome, type OutcomeView, changeResponses, presentChange } from "./change-responses.ts";
import type { CaseRequest } from "./request.ts";

/**
 * A response with the text that intake stores and sends. `replayed` is true if an earlier request with the same idempotency key already
 * got this response.
 */
export type CaseResponse = CommandResponse & { readonly text: string; readonly replayed: boolean };

/** The result of a request: a response or a refusal. */
export type CaseResult = CaseResponse | Refusal;

/** Adds the text to a response that has no text yet, for example to a stored response. */
export function toCaseResponse(response: CommandResponse, replayed: boolean): CaseResponse {
  return { ...response, text: response.text ?? JSON.stringify(response.body), replayed };
}

/**
 * Returns the response that presents the outcome of a request to its company. The function has no side effect: the unit of work stores
 * the response together with the case.
 */
export function responseTo(request: CaseRequest, { state, messages, at }: CaseOutcome): CommandResponse {
  const { command, actor, isContact = false } = request;
  const outcome: OutcomeView = { state: viewOf(request, state), messages, at, viewer: actor.party };
  if (isContact) return { status: command.type === "open" ? 201 : 200, body: presentContact(request, outcome) };
  switch (command.type) {
    case "open":
      return { status: 201, body: presentCase(outcome.state, at, actor.party) };
    case "merge":
      return { status: 200, body: presentCase(outcome.state, at, actor.party) };
    case "change":
      return { status: changeResponses[command.change.type].status, body: presentChange(outcome, command.change) };
  }
}

/**
 * Returns the state that the response shows. A former vendor can still deliver its promise, and then gets the ended view. All
 * companies with full case access get the new state.
 */
function viewOf({ endedView, actor }: CaseRequest, state: CaseState): CaseState {
  return endedView !== undefined && accessOf(readingOf(state), actor.party) === "as-of-its-end" ? endedView : state;
}

function presentContact(
  { command, followUps = [] }: CaseRequest,
  { state, at, viewer }: OutcomeView,
): z.input<typeof contactResponse> {
  const handlingId = followUps.find((one) => one.type === "start-handling")?.handlingId;
  const isLive = state.handlings.some(({ id }) => id === handlingId);
  return {
    joined: command.type !== "open",
    waiting: false,
    ...(handlingId !== undefined && isLive && { handlingId }),
    case: presentCase(state, at, viewer),
  };
}
