import type { Action, Role } from "../../src/index.ts";
import { rights } from "../../src/reading/rights.ts";
import { type AttemptedAction, attempts } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";

/* docs/rights.md: what each part allows, found by trying each act in sample cases of each part. */

export const roles = Object.keys(actors) as readonly Role[];

/** Codes that say that the case's state, not the caller's part, keeps the act from happening. */
const ofState = new Set(["illegal_transition", "stale_token", "returning_closed", "already_claimed"]);

/** What the rules make of an act in every sample of a role: done in one of them at least, or refused with this code. */
export function findRight(role: Role, act: AttemptedAction): string {
  const found = new Set(samplesOf(role).map((sample) => tryOnce(sample(), role, act)));
  for (const right of ["may", "proposes"] as const) if (found.has(right)) return right;
  const codes = [...found].filter((code) => !ofState.has(code));
  return codes.length > 0 ? codes.join(" or ") : [...found].join(" or ");
}

function tryOnce(whole: ReturnType<ReturnType<typeof samplesOf>[number]>, role: Role, act: AttemptedAction): string {
  whole.advance(whole.now + 60_000);
  const messageCount = whole.messages.length;
  const refused = attempts[act](whole, actors[role]);
  if (refused !== undefined) return refused.code;
  return whole.messages.slice(messageCount).some(({ type }) => type === "case.severity-proposed") ? "proposes" : "may";
}

/** What the document says: what the rules do, or for an act that no pure rule does, what the services ask the table. */
export function cellOf(role: Role, act: Action): string {
  return Object.hasOwn(attempts, act) ? findRight(role, act as AttemptedAction) : rights[act][role];
}
