import type { Actor, CaseStatus, EventData, Instant, PauseCode, Refusal } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { refuseTransition, withStatus } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { isEnded } from "./status.ts";

/** The case is to be in another state. */
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

/** Another status, by the rules of TMF621; a pending case says what it waits for and why. */
export function changeStatus(state: CaseState, command: StatusCommand, actor: Actor, at: Instant): CaseOutcome {
  const { to, note, waitingOn, fixCode, rootCause, code, evidence, maximum } = command;
  if (to === state.status) return refuseTransition(state, "change", `It is ${to} already.`);
  const possible = nextStatuses[state.status];
  if (!possible.includes(to)) {
    const way =
      possible.length === 0 ? "Confirm, close or reopen it." : `From here it can become ${possible.join(", ")}.`;
    return refuseTransition(state, "change", way, { possible });
  }
  if (to === "pending" && (note === undefined || waitingOn === undefined)) {
    const fields = [
      {
        at: note === undefined ? "/note" : "/waitingOn",
        message: "is needed: a waiting case says for what and for whom",
      },
    ];
    return refuse("invalid_request", "A pending case says what it waits for, and for whom.", { fields });
  }
  if (to === "resolved") {
    if (lacksRootCause({ ...state, rootCause })) return refuseWithoutRootCause();
    const data = { actor, from: state.status, fixCode, rootCause, note };
    const appended = withStatus(to, appendCaseEvent({ state, messages: [] }, at, { type: "case.resolved", data }), at);
    return { ...appended, state: { ...appended.state, fixCode, rootCause } };
  }
  if (isEnded(to) && state.joint !== undefined) {
    if (state.status !== "assessingCancellation")
      return refuseTransition(state, "cancel", "It is joint: assess the cancellation first (assessingCancellation).");
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

/** Whether a joint case lacks its root cause: it was solved by the carrier before it was known to be joint. */
export function lacksRootCause({ joint, rootCause }: Pick<CaseState, "joint" | "rootCause">): boolean {
  return joint !== undefined && rootCause === undefined;
}

/** A joint case is not solved without its root cause. */
export function refuseWithoutRootCause(): { readonly refused: Refusal } {
  const fields = [{ at: "/rootCause", message: "is needed" }];
  return refuse("root_cause_needed", "A joint case is solved with its root cause only.", { fields });
}
