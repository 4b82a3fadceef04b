import {
  type Actor,
  type EventData,
  type Instant,
  type ProblemStatus,
  formatInstant,
  topics,
} from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { eventOf } from "../envelope.ts";
import { appendChange } from "./append-event.ts";
import { changeInvestigation } from "./investigation.ts";
import {
  type ProblemDecision,
  type ProblemOutcome,
  type ProblemState,
  isOpenProblem,
  problemChangesMax,
} from "./problem.ts";

/** A command on a problem. `isLinked` says whether the case belongs to the problem already. */
export type ProblemCommand =
  | { readonly type: "assign"; readonly owner: string; readonly reason: string }
  | {
      readonly type: "change-status";
      readonly to: "investigating" | "resolved" | "closed" | "cancelled";
      readonly reason: string;
    }
  | {
      readonly type: "record-known-error";
      readonly workaround: string;
      readonly fixCode?: string | undefined;
      readonly reason?: string | undefined;
    }
  | { readonly type: "set-root-cause"; readonly rootCause: string; readonly reason?: string | undefined }
  | { readonly type: "link" | "unlink"; readonly caseId: string; readonly isLinked: boolean; readonly reason?: string };

/** The statuses that a person can choose from each status. A known error is recorded with its workaround. */
const transitions: Readonly<Record<ProblemStatus, readonly ProblemStatus[]>> = {
  new: ["investigating", "resolved", "cancelled"],
  investigating: ["resolved", "cancelled"],
  "known-error": ["investigating", "resolved", "cancelled"],
  resolved: ["investigating", "closed"],
  closed: ["investigating"],
  cancelled: ["investigating"],
};

/**
 * Decides a command on a problem at `at`, which is not before the problem's last event. A command that had already taken effect gives a
 * decision without messages.
 */
export function commandProblem(
  state: ProblemState,
  command: ProblemCommand,
  actor: Actor,
  at: Instant,
): ProblemOutcome {
  if (state.sequence >= problemChangesMax && command.type !== "change-status")
    return refuse("limit_reached", `A problem has at most ${problemChangesMax} changes.`);
  if (command.type === "change-status") return changeStatus(state, command, actor, at);
  if (!isOpenProblem(state)) return refuse("illegal_transition", `The problem is ${state.status}; reopen it first.`);
  switch (command.type) {
    case "assign": {
      const { owner, reason } = command;
      if (state.owner === owner && state.status !== "new") return unchanged(state);
      const to = state.status === "new" ? "investigating" : state.status;
      return appendChange(
        { ...state, owner, status: to },
        at,
        { actor, change: "owner", from: state.status, reason },
        state.investigation,
      );
    }
    case "record-known-error":
      return recordKnownError(state, command, actor, at);
    case "set-root-cause": {
      const { rootCause, reason } = command;
      if (state.rootCause === rootCause) return unchanged(state);
      const why = { actor, change: "root-cause", from: state.status, reason } as const;
      return appendChange({ ...state, rootCause }, at, why, state.investigation);
    }
    case "link":
    case "unlink": {
      const { caseId, reason, type, isLinked } = command;
      if (isLinked === (type === "link")) return unchanged(state);
      const change = type === "link" ? "case-linked" : "case-unlinked";
      return appendChange(state, at, { actor, change, from: state.status, caseId, reason }, state.investigation);
    }
  }
}

function changeStatus(
  state: ProblemState,
  { to, reason }: Extract<ProblemCommand, { type: "change-status" }>,
  actor: Actor,
  at: Instant,
): ProblemOutcome {
  const { status: from } = state;
  if (to === from) return unchanged(state);
  if (!transitions[from].includes(to))
    return refuse("illegal_transition", `A problem that is ${from} cannot become ${to}.`);
  const investigation = changeInvestigation(state.investigation, { from, to }, at);
  const why = { actor, change: "status", from, reason } as const;
  return appendChange({ ...state, status: to, investigation }, at, why, state.investigation);
}

function recordKnownError(
  state: ProblemState,
  { workaround, fixCode, reason }: Extract<ProblemCommand, { type: "record-known-error" }>,
  actor: Actor,
  at: Instant,
): ProblemOutcome {
  const { status: from, knownError } = state;
  if (from === "resolved")
    return refuse("illegal_transition", "The problem is resolved; reopen it before you record a known error.");
  if (from === "known-error" && knownError?.workaround === workaround && knownError.fixCode === fixCode)
    return unchanged(state);
  const investigation = changeInvestigation(state.investigation, { from, to: "known-error" }, at);
  const since = from === "known-error" ? (knownError?.since ?? at) : at;
  const recorded: ProblemState = {
    ...state,
    status: "known-error",
    investigation,
    knownError: { workaround, ...(fixCode !== undefined && { fixCode }), since },
  };
  const why = { actor, change: "known-error", from, reason } as const;
  const decision = appendChange(recorded, at, why, state.investigation);
  return { ...decision, tasks: [...decision.tasks, { does: "offer" }] };
}

/**
 * Decides the deadline of an incarnation. If that incarnation rests, has ended, was already overdue or is not due yet, the decision
 * changes nothing.
 */
export function reachDeadline(state: ProblemState, incarnation: number, at: Instant): ProblemDecision {
  const { investigation: clock, id: key, timeline, carrier, title, status, owner } = state;
  if (!clock.runs || clock.overdue || clock.incarnation !== incarnation || at < clock.dueAt) return unchanged(state);
  const changed = {
    ...state,
    investigation: { ...clock, overdue: true },
    sequence: state.sequence + 1,
    lastEventAt: at,
  };
  const data: EventData<"problem.overdue"> = {
    actor: { party: carrier, automated: true },
    companies: [carrier],
    carrier,
    problemId: key,
    title,
    status,
    ...(owner !== undefined && { owner }),
    investigateBy: formatInstant(clock.dueAt),
    incarnation,
  };
  const envelope = { topic: topics.problem, key, sequence: changed.sequence, time: at, timeline };
  return { state: changed, messages: [eventOf("problem.overdue", data, envelope)], tasks: [] };
}

function unchanged(state: ProblemState): ProblemDecision {
  return { state, messages: [], tasks: [] };
}
