import {
  contactAdded,
  crossingAnswered,
  entryAdded,
  formatInstant,
  handlingChanged,
  presentedCase,
  promiseChanged,
} from "@crossline/contracts";
import { type CaseDecision, countsFor } from "@crossline/domain";
import type { z } from "zod";
import { presentBeats, presentCase } from "../answers/present-case.ts";
import type { CaseChange } from "./request.ts";

/** The outcome of a command: the case after it, and the events of the command. */
export type CaseOutcome = CaseDecision & { readonly at: number };

/** An outcome as one company sees it. */
export type OutcomeView = CaseOutcome & { readonly viewer: string };

type Change<Type extends CaseChange["type"]> = Extract<CaseChange, { type: Type }>;
type Form<Schema extends z.ZodType, C> = {
  readonly status: 200 | 201 | 202;
  readonly schema: Schema;
  readonly present: (outcome: OutcomeView, change: C) => z.input<Schema>;
};

const asCase = form(200, presentedCase, ({ state, at, viewer }) => presentCase(state, at, viewer));
const asPromise = (
  outcome: OutcomeView,
  { promiseId: id }: Change<"promise" | "deliver-promise" | "withdraw-promise">,
) => ({
  ...standing(outcome),
  id,
});

/** The answer to each change of a case: its status, its schema and its body. */
export const changeAnswers = {
  contact: form(201, contactAdded, (outcome, { contactId: id }: Change<"contact">) => ({
    ...standing(outcome),
    id,
    number: outcome.state.contacts,
  })),
  "add-entry": form(201, entryAdded, (outcome, { entryId: id }: Change<"add-entry">) => {
    const added = outcome.messages.find((message) => message.type === "entry.added");
    const { number = outcome.state.entries, news = false } = added?.data ?? {};
    return { ...standing(outcome), id, number, news };
  }),
  cross: form(202, crossingAnswered, (outcome) => ({
    ...standing(outcome),
    outcome: outcome.messages.length > 0 ? ("requested" as const) : ("already-requested" as const),
  })),
  promise: form(201, promiseChanged, asPromise),
  "deliver-promise": form(200, promiseChanged, asPromise),
  "withdraw-promise": form(200, promiseChanged, asPromise),
  "start-handling": form(201, handlingChanged, asHandling),
  beat: form(200, handlingChanged, asHandling),
  "end-handling": form(200, handlingChanged, asHandling),
  move: asCase,
  correct: asCase,
  "change-status": asCase,
  "change-severity": asCase,
  "decline-severity": asCase,
  confirm: asCase,
  reopen: asCase,
  close: asCase,
} satisfies { readonly [Type in CaseChange["type"]]: Form<z.ZodType, Change<Type>> };

/** The body of the answer to a change. */
export function presentChange(outcome: OutcomeView, change: CaseChange): unknown {
  // The table pairs each type of change with its own function; TypeScript cannot follow a pair through a lookup.
  const { present } = changeAnswers[change.type] as Form<z.ZodType, CaseChange>;
  return present(outcome, change);
}

function form<Schema extends z.ZodType, C = CaseChange>(
  status: Form<Schema, C>["status"],
  schema: Schema,
  present: Form<Schema, C>["present"],
): Form<Schema, C> {
  return { status, schema, present };
}

/** What the short answers have in common. */
function standing({ state, at, viewer }: OutcomeView) {
  return { caseId: state.id, version: countsFor(state, viewer).version, status: state.status, at: formatInstant(at) };
}

/** A handling that has ended expects no further heartbeat. */
function asHandling(outcome: OutcomeView, { handlingId: id }: Change<"start-handling" | "beat" | "end-handling">) {
  const { state } = outcome;
  const live = state.handlings.find((handling) => handling.id === id);
  return { ...standing(outcome), id, ...(live !== undefined && presentBeats(state, live)) };
}
