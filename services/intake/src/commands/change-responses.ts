import {
  addContactResponse,
  crossResponse,
  addEntryResponse,
  formatInstant,
  handlingResponse,
  messageResponse,
  presentedCase,
  promiseResponse,
} from "@crossline/contracts";
import { type CaseDecision, countsFor } from "@crossline/domain";
import type { z } from "zod";
import { presentBeats, presentCase } from "../responses/present-case.ts";
import type { CaseChange } from "./request.ts";

/** The case after a command, and the events of the command. */
export type CaseOutcome = CaseDecision & { readonly at: number };

/** The outcome of a command as one company reads it. */
export type OutcomeView = CaseOutcome & { readonly viewer: string };

type Change<Type extends CaseChange["type"]> = Extract<CaseChange, { type: Type }>;
type ChangeResponse<Schema extends z.ZodType, C> = {
  readonly status: 200 | 201 | 202;
  readonly schema: Schema;
  readonly present: (outcome: OutcomeView, change: C) => z.input<Schema>;
};

const asCase = changeResponse(200, presentedCase, ({ state, at, viewer }) => presentCase(state, at, viewer));
const asPromise = (
  outcome: OutcomeView,
  { promiseId: id }: Change<"promise" | "deliver-promise" | "withdraw-promise">,
) => ({
  ...commonFields(outcome),
  id,
});

/** Returns the response to a command on an outbound message. */
function asMessage(status: 200 | 201) {
  return changeResponse(status, messageResponse, (outcome, { messageId: id }: Change<MessageChange>) => {
    const message = outcome.state.messages?.find((one) => one.id === id);
    if (message === undefined) throw new Error("a command on a message left no message");
    const marks = message.state === "held" ? [...message.marks] : [];
    return { ...commonFields(outcome), id, state: message.state, marks };
  });
}

type MessageChange =
  | "write-message"
  | "reword-message"
  | "release-message"
  | "withdraw-message"
  | "report-sent"
  | "report-failed";

/** Contains the HTTP status, the schema and the body of the response to each type of change. */
export const changeResponses = {
  contact: changeResponse(201, addContactResponse, (outcome, { contactId: id }: Change<"contact">) => ({
    ...commonFields(outcome),
    id,
    number: outcome.state.contacts,
  })),
  "add-entry": changeResponse(201, addEntryResponse, (outcome, { entryId: id }: Change<"add-entry">) => {
    const added = outcome.messages.find((message) => message.type === "entry.added");
    const { number = outcome.state.entries, news = false } = added?.data ?? {};
    return { ...commonFields(outcome), id, number, news };
  }),
  cross: changeResponse(202, crossResponse, (outcome) => ({
    ...commonFields(outcome),
    outcome: outcome.messages.length > 0 ? ("requested" as const) : ("already-requested" as const),
  })),
  promise: changeResponse(201, promiseResponse, asPromise),
  "deliver-promise": changeResponse(200, promiseResponse, asPromise),
  "withdraw-promise": changeResponse(200, promiseResponse, asPromise),
  "start-handling": changeResponse(201, handlingResponse, asHandling),
  beat: changeResponse(200, handlingResponse, asHandling),
  "end-handling": changeResponse(200, handlingResponse, asHandling),
  "write-message": asMessage(201),
  "reword-message": asMessage(200),
  "release-message": asMessage(200),
  "withdraw-message": asMessage(200),
  "report-sent": asMessage(200),
  "report-failed": asMessage(200),
  "match-known-error": asCase,
  move: asCase,
  correct: asCase,
  "change-status": asCase,
  "change-severity": asCase,
  "decline-severity": asCase,
  "link-change": asCase,
  "unlink-change": asCase,
  confirm: asCase,
  reopen: asCase,
  close: asCase,
  // No client reads the response to a command of an incident.
  "lead-incident": asCase,
  "count-incident": asCase,
  "join-incident": asCase,
  "hold-incident": asCase,
  "leave-incident": asCase,
  "resolve-by-incident": asCase,
  "end-incident": asCase,
} satisfies { readonly [Type in CaseChange["type"]]: ChangeResponse<z.ZodType, Change<Type>> };

/** Returns the body of the response to a change. */
export function presentChange(outcome: OutcomeView, change: CaseChange): unknown {
  // The cast is necessary, because TypeScript cannot prove that the table has the function for exactly this type of change.
  const { present } = changeResponses[change.type] as ChangeResponse<z.ZodType, CaseChange>;
  return present(outcome, change);
}

function changeResponse<Schema extends z.ZodType, C = CaseChange>(
  status: ChangeResponse<Schema, C>["status"],
  schema: Schema,
  present: ChangeResponse<Schema, C>["present"],
): ChangeResponse<Schema, C> {
  return { status, schema, present };
}

/** Returns the fields that every short response contains. */
function commonFields({ state, at, viewer }: OutcomeView) {
  return { caseId: state.id, version: countsFor(state, viewer).version, status: state.status, at: formatInstant(at) };
}

/** Returns the response about a handling. If the handling has ended, the response contains no deadline for a heartbeat. */
function asHandling(outcome: OutcomeView, { handlingId: id }: Change<"start-handling" | "beat" | "end-handling">) {
  const { state } = outcome;
  const live = state.handlings.find((handling) => handling.id === id);
  return { ...commonFields(outcome), id, ...(live !== undefined && presentBeats(state, live)) };
}
