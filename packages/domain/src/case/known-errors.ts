import type { Actor, Instant } from "@crossline/contracts";
import type { CaseKnownError } from "../problem/known-error.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseDecision } from "./case.ts";
import { isUnsolved } from "./status.ts";

/** Intake's own command about a known error whose scope selects the case. No company sends it. */
export type KnownErrorCommand = { readonly type: "match-known-error" } & Omit<CaseKnownError, "outcome">;

/** The maximum number of known errors that a case gets. */
const caseKnownErrorsMax = 10;

/**
 * Adds a known error to a case, so that the next brief has its workaround. Changes nothing if the case has this workaround already, is
 * solved, belongs to a canary, or has too many known errors.
 */
export function matchKnownError(
  { state, messages }: CaseDecision,
  { problemId, workaround, fixCode }: KnownErrorCommand,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const { knownErrors = [], status, canary } = state;
  const before = knownErrors.find((known) => known.problemId === problemId);
  const isSame = before?.workaround === workaround && before.fixCode === fixCode;
  const isFull = before === undefined && knownErrors.length >= caseKnownErrorsMax;
  if (isSame || isFull || !isUnsolved(status) || canary !== undefined) return { state, messages };
  const known = { problemId, workaround, ...(fixCode !== undefined && { fixCode }) };
  const others = knownErrors.filter((one) => one !== before);
  return appendCaseEvent({ state: { ...state, knownErrors: [...others, { ...before, ...known }] }, messages }, at, {
    type: "known-error.matched",
    data: { actor, ...known },
  });
}
