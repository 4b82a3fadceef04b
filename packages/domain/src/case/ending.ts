import type { Actor, EventData, Instant } from "@crossline/contracts";
import { withStatus } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseDecision } from "./case.ts";
import { recordOwnWords } from "./record-words.ts";

/** Closes the case because the customer confirmed the fix. */
export function closeConfirmed(decision: CaseDecision, actor: Actor, at: Instant): CaseDecision {
  const { status: from } = decision.state;
  const confirmed = appendCaseEvent(decision, at, { type: "case.confirmed", data: { actor } });
  const data = { actor, from, reason: "confirmed" } as const;
  return withStatus("closed", appendCaseEvent(confirmed, at, { type: "case.closed", data }), at);
}

/** Reopens the case and removes its root cause, because the root cause was wrong or incomplete. */
export function reopen(
  decision: CaseDecision,
  actor: Actor,
  at: Instant,
  why: Pick<EventData<"case.reopened">, "code" | "reason">,
): CaseDecision {
  const data = { actor, from: decision.state.status, ...why };
  const reopened = withStatus("reopened", appendCaseEvent(decision, at, { type: "case.reopened", data }), at);
  const { rootCause: _, ...state } = reopened.state;
  return recordOwnWords({ ...reopened, state }, "case.reopened", at);
}
