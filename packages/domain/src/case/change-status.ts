import type { Actor, CaseStatus, EventData, Instant, PauseCode, Refusal } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { illegal, into } from "./answers.ts";
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
  if (to === state.status) return illegal(state, "change", `It is ${to} already.`);
  const possible = nextStatuses[state.status];
  if (!possible.includes(to)) {
    const way =
      possible.length === 0 ? "Confirm, close or reopen it." : `From here it can become ${possible.join(", ")}.`;
    return illegal(state, "change", way, { possible });
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
    if (isRootless({ ...state, rootCause })) return refuseRootless();
    const data = { actor, from: state.status, fixCode, rootCause, note };
    const appended = into(to, appendCaseEvent({ state, messages: [] }, at, { type: "case.resolved", data }), at);
    return { ...appended, state: { ...appended.state, fixCode, rootCause } };
  }
  if (isEnded(to) && state.joint !== undefined) {
    if (state.status !== "assessingCancellation")
      return illegal(state, "cancel", "It is joint: assess the cancellation first (assessingCancellation).");
    if (isRootless({ ...state, rootCause: rootCause ?? state.rootCause })) return refuseRootless();
  }
  const pause = to === "pending" ? { code: code ?? "other", evidence, maximum } : {};
  const appended = into(
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
export function isRootless({ joint, rootCause }: Pick<CaseState, "joint" | "rootCause">): boolean {
  return joint !== undefined && rootCause === undefined;
}

/** A joint case is not solved without its root cause. */
export function refuseRootless(): { readonly refused: Refusal } {
  const fields = [{ at: "/rootCause", message: "is needed" }];
  return refuse("root_cause_needed", "A joint case is solved with its root cause only.", { fields });
}
