import type { Action, Role } from "../../src/index.ts";
import { rights } from "../../src/reading/rights.ts";
import { type AttemptedAction, attempts } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";

/* The cells of docs/rights.md. The code finds the right of each role by an attempt of each act in the role's samples. */

export const roles = Object.keys(actors) as readonly Role[];

/** Codes of refusals that depend on the state of the case and not on the caller's role. */
const ofState = new Set(["illegal_transition", "stale_token", "returning_closed", "already_claimed"]);

/** Returns the right to an act: `may` or `proposes` if a sample of the role allows it, otherwise the codes of the refusals. */
export function findRight(role: Role, act: AttemptedAction): string {
  const results = new Set(samplesOf(role).map((sample) => tryOnce(sample(), role, act)));
  for (const right of ["may", "proposes"] as const) if (results.has(right)) return right;
  const codes = [...results].filter((code) => !ofState.has(code));
  return codes.length > 0 ? codes.join(" or ") : [...results].join(" or ");
}

function tryOnce(whole: ReturnType<ReturnType<typeof samplesOf>[number]>, role: Role, act: AttemptedAction): string {
  whole.advance(whole.now + 60_000);
  const messageCount = whole.messages.length;
  const refused = attempts[act](whole, actors[role]);
  if (refused !== undefined) return refused.code;
  return whole.messages.slice(messageCount).some(({ type }) => type === "case.severity-proposed") ? "proposes" : "may";
}

/** Returns the text of a cell: the result of the rules or, for an act without a pure rule, the right in the table. */
export function cellOf(role: Role, act: Action): string {
  return Object.hasOwn(attempts, act) ? findRight(role, act as AttemptedAction) : rights[act][role];
}
