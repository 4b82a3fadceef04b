import type { Action, Role } from "../../src/index.ts";
import { rights } from "../../src/reading/rights.ts";
import { type AttemptedAction, attempts } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";

/* Returns the cells of docs/rights.md. To find the rights of a role, the code attempts each action in the samples of the role. */

export const roles = Object.keys(actors) as readonly Role[];

/** Codes of refusals that depend on the state of the case and not on the caller's role. */
const ofState = new Set(["illegal_transition", "stale_token", "returning_closed", "already_claimed"]);

/** Returns the right to an action: `may` or `proposes` if a sample of the role allows the action, otherwise the refusals' codes. */
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

/** Returns the text of a cell: the right that the rules give, or the right in the table if no pure rule decides the action. */
export function cellOf(role: Role, act: Action): string {
  return Object.hasOwn(attempts, act) ? findRight(role, act as AttemptedAction) : rights[act][role];
}
