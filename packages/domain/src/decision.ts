import { type Message, type Refusal, refusal } from "@crossline/contracts";

/** A decision: the new state and the messages to publish. The caller saves the state and the messages in one transaction. */
export type Decision<State, Event extends Message = Message> = {
  readonly state: State;
  readonly messages: readonly Event[];
};

/** The result of a command: a decision, or a refusal that changes nothing. */
export type Outcome<State, Event extends Message = Message> = Decision<State, Event> | { readonly refused: Refusal };

/** Returns true if the outcome is a refusal. */
export function isRefused(outcome: object): outcome is { readonly refused: Refusal } {
  return "refused" in outcome;
}

/** Returns the outcome of a refused command: `refuse("not_found", "No case has this id.")`. */
export function refuse(
  code: Refusal["code"],
  detail: string,
  more: Omit<Refusal, "code" | "detail"> = {},
): { readonly refused: Refusal } {
  return { refused: refusal(code, detail, more) };
}
