import type { Refusal, contactResponse } from "@crossline/contracts";
import { type CaseState, readingOf, accessOf } from "@crossline/domain";
import type { CommandResponse } from "@crossline/idempotency";
import type { z } from "zod";
import { presentCase } from "../responses/present-case.ts";
import { type CaseOutcome, type OutcomeView, changeResponses, presentChange } from "./change-responses.ts";
import type { CaseRequest } from "./request.ts";

/** An answer as it is stored and sent, the same text both times. `replayed`: the first answer again. */
export type CaseResponse = CommandResponse & { readonly text: string; readonly replayed: boolean };

/** The result of a request: its answer, or the refusal. */
export type CaseResult = CaseResponse | Refusal;

/** An answer with its text, also where it comes from a row without one. */
export function toCaseResponse(answer: CommandResponse, replayed: boolean): CaseResponse {
  return { ...answer, text: answer.text ?? JSON.stringify(answer.body), replayed };
}

/** Presents the outcome of a request to its company. Pure: the unit of work stores the answer together with the case. */
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

/** A vendor whose part has ended may still deliver its promise; it reads the same case as before. */
function viewOf({ endedView, actor }: CaseRequest, state: CaseState): CaseState {
  return endedView !== undefined && accessOf(readingOf(state), actor.party) === "as-of-its-end" ? endedView : state;
}

function presentContact(
  { command, followUps = [] }: CaseRequest,
  { state, at, viewer }: OutcomeView,
): z.input<typeof contactResponse> {
  const begun = followUps.find((one) => one.type === "start-handling")?.handlingId;
  const isLive = state.handlings.some(({ id }) => id === begun);
  return {
    joined: command.type !== "open",
    waiting: false,
    ...(begun !== undefined && isLive && { handlingId: begun }),
    case: presentCase(state, at, viewer),
  };
}
