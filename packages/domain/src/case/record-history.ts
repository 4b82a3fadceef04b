import type { Actor, EventData, Instant } from "@crossline/contracts";
import { appendCaseEvent } from "./append-event.ts";
import { type CaseDecision, type CaseState, enterStatus } from "./case.ts";

/** Applies one row of a recorded history. Every transition is accepted, because a history is measured and never refused. */
export function recordHistoryRow(
  state: CaseState,
  row: Omit<EventData<"case.recorded">, "actor">,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.recorded", data: { ...row, actor } });
  return row.status === state.status ? appended : { ...appended, state: enterStatus(appended.state, row.status, at) };
}
