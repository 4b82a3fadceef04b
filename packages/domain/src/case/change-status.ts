import {
  type Actor,
  type CaseEvent,
  type CaseStatus,
  type EventData,
  type Instant,
  type PauseCode,
  type Refusal,
  refusal,
} from "@crossline/contracts";
import type { Outcome } from "../decision.ts";
import { illegal, into } from "./answers.ts";
import type { CaseDecision, CaseFact, CaseState } from "./case.ts";
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

type Tell = (fact: CaseFact) => CaseDecision;

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
export function changeStatus(
  state: CaseState,
  command: StatusCommand,
  actor: Actor,
  tell: Tell,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
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
    return { refused: refusal("invalid_request", "A pending case says what it waits for, and for whom.", { fields }) };
  }
  if (to === "resolved") {
    if (isRootless({ ...state, rootCause })) return refuseRootless();
    const data = { actor, from: state.status, fixCode, rootCause, note };
    const told = into(to, tell({ type: "case.resolved", data }), at);
    return { ...told, state: { ...told.state, fixCode, rootCause } };
  }
  if (isEnded(to) && state.joint !== undefined) {
    if (state.status !== "assessingCancellation")
      return illegal(state, "cancel", "It is joint: assess the cancellation first (assessingCancellation).");
    if (isRootless({ ...state, rootCause: rootCause ?? state.rootCause })) return refuseRootless();
  }
  const pause = to === "pending" ? { code: code ?? "other", evidence, maximum } : {};
  const told = into(
    to,
    tell({
      type: "case.status-changed",
      data: { actor, from: state.status, to, note, waitingOn, rootCause, ...pause },
    }),
    at,
  );
  if (to === "pending") return { ...told, state: { ...told.state, waiting: { on: waitingOn, note } } };
  return rootCause === undefined ? told : { ...told, state: { ...told.state, rootCause } };
}

/** Whether a joint case lacks its root cause: it was solved by the carrier before it was known to be joint. */
export function isRootless({ joint, rootCause }: Pick<CaseState, "joint" | "rootCause">): boolean {
  return joint !== undefined && rootCause === undefined;
}

/** A joint case is not solved without its root cause. */
export function refuseRootless(): { readonly refused: Refusal } {
  const fields = [{ at: "/rootCause", message: "is needed" }];
  return { refused: refusal("root_cause_needed", "A joint case is solved with its root cause only.", { fields }) };
}
