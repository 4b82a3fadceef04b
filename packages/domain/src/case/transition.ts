import { type CaseStatus, type Instant, type Refusal } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { type CaseDecision, type CaseState, enterStatus } from "./case.ts";

/** Returns the decision after the case enters another status. */
export function withStatus(status: CaseStatus, { state, messages }: CaseDecision, at: Instant): CaseDecision {
  return { state: enterStatus(state, status, at), messages };
}

/** Returns the refusal of a command that the status of the case does not allow. */
export function refuseTransition(
  state: CaseState,
  verb: string,
  way: string,
  facts: Record<string, unknown> = {},
): { readonly refused: Refusal } {
  const { status, mergedInto } = state;
  const where = mergedInto === undefined ? way : `It was merged into ${mergedInto}: use that case.`;
  const more = { status, ...(mergedInto !== undefined && { mergedInto }), ...facts };
  return refuse("illegal_transition", `Cannot ${verb} a case that is ${status}. ${where}`, { facts: more });
}
