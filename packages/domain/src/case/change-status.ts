import type { Actor, CaseStatus, EventData, Instant, PauseCode, Refusal } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { refuseTransition, withStatus } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { isEnded } from "./status.ts";

/** The command to change the status of a case. */
export type StatusCommand = {
  readonly type: "change-status";
  readonly to: CaseStatus;
  readonly note?: string | undefined;
  readonly waitingOn?: EventData<"case.status-changed">["waitingOn"];
  readonly code?: PauseCode | undefined;
  readonly evidence?: string | undefined;
  readonly maximum?: string | undefined;
  readonly fixCode?: string | undefined;
  readonly rootCause?: string | undefined;
};

const open: readonly CaseStatus[] = ["inProgress", "pending", "held", "resolved", "cancelled", "assessingCancellation"];
const nextStatuses: Readonly<Record<CaseStatus, readonly CaseStatus[]>> = {
  acknowledged: [...open, "rejected"],
  inProgress: open,
  pending: open,
  held: open,
  reopened: open,
  assessingCancellation: ["inProgress", "cancelled"],
  resolved: [],
  closed: [],
  rejected: [],
  cancelled: [],
};

/**
 * Decides a change of status by the rules of TMF621. A change to `pending` names the reason and the party for which the case
 * waits.
 */
export function changeStatus(state: CaseState, command: StatusCommand, actor: Actor, at: Instant): CaseOutcome {
  const { to, note, waitingOn, fixCode, rootCause, code, evidence, maximum } = command;
  if (to === state.status) return refuseTransition(state, "change", `It is already ${to}.`);
  const possible = nextStatuses[state.status];
  if (!possible.includes(to)) {
    const way = possible.length === 0 ? "Confirm, close or reopen it." : `It can become ${possible.join(", ")}.`;
    return refuseTransition(state, "change", way, { possible });
  }
  if (to === "pending" && (note === undefined || waitingOn === undefined)) {
    const fields = [
      {
        at: note === undefined ? "/note" : "/waitingOn",
        message: "is required for a pending case",
      },
    ];
    return refuse("invalid_request", "A pending case needs a reason and the party that it waits for.", { fields });
  }
  if (to === "resolved") {
    if (lacksRootCause({ ...state, rootCause })) return refuseWithoutRootCause();
    const data = { actor, from: state.status, fixCode, rootCause, note };
    const appended = withStatus(to, appendCaseEvent({ state, messages: [] }, at, { type: "case.resolved", data }), at);
    return { ...appended, state: { ...appended.state, fixCode, rootCause } };
  }
  if (isEnded(to) && state.joint !== undefined) {
    if (state.status !== "assessingCancellation")
      return refuseTransition(state, "cancel", "It is joint: set it to assessingCancellation first.");
    if (lacksRootCause({ ...state, rootCause: rootCause ?? state.rootCause })) return refuseWithoutRootCause();
  }
  const pause = to === "pending" ? { code: code ?? "other", evidence, maximum } : {};
  const appended = withStatus(
    to,
    appendCaseEvent({ state, messages: [] }, at, {
      type: "case.status-changed",
      data: { actor, from: state.status, to, note, waitingOn, rootCause, ...pause },
    }),
    at,
  );
  if (to === "pending") return { ...appended, state: { ...appended.state, waiting: { on: waitingOn, note } } };
  return rootCause === undefined ? appended : { ...appended, state: { ...appended.state, rootCause } };
}

/**
 * Returns true if a joint case has no root cause. A joint case lacks its root cause if the carrier resolved the case before
 * intake read that it was joint.
 */
export function lacksRootCause({ joint, rootCause }: Pick<CaseState, "joint" | "rootCause">): boolean {
  return joint !== undefined && rootCause === undefined;
}

/** Refuses to solve a joint case without its root cause. */
export function refuseWithoutRootCause(): { readonly refused: Refusal } {
  const fields = [{ at: "/rootCause", message: "is required" }];
  return refuse("root_cause_needed", "A joint case cannot be solved without its root cause.", { fields });
}
