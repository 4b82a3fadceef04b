import type { Actor, EventData, Instant } from "@crossline/contracts";
import { type CaseDecision, type CaseState, enter, tellCase } from "./case.ts";

/** Follows one row of a recorded history. Its transitions are what they were: history is counted, never refused. */
export function record(
  state: CaseState,
  row: Omit<EventData<"case.recorded">, "actor">,
  actor: Actor,
  at: Instant,
): CaseDecision {
  const told = tellCase({ state, messages: [] }, at, { type: "case.recorded", data: { ...row, actor } });
  return row.status === state.status ? told : { ...told, state: enter(told.state, row.status, at) };
}
