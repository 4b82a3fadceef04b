import type { Actor, EventData, Instant } from "@crossline/contracts";
import { appendCaseEvent } from "./append-event.ts";
import { type CaseDecision, type CaseState, enterStatus } from "./case.ts";

/** Applies one row of a recorded history. An import measures a history and refuses no row, so a row can have any status. */
export function recordHistoryRow(
  state: CaseState,
  row: Omit<EventData<"case.recorded">, "actor">,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.recorded", data: { ...row, actor } });
  return row.status === state.status ? appended : { ...appended, state: enterStatus(appended.state, row.status, at) };
}
