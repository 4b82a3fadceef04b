import type {
  Channel,
  DurationMs,
  Instant,
  ProblemEvent,
  ProblemSource,
  ProblemStatus,
  Refusal,
} from "@crossline/contracts";

/**
 * The scope of a problem. `missing-item`: the cases of one kind and channel that lack an item. `symptom`: the cases with a symptom, of
 * one vendor or model if they are present. `cases`: only the cases that were linked.
 */
export type ProblemScope =
  | { readonly is: "missing-item"; readonly kind: string; readonly channel: Channel; readonly item: string }
  | { readonly is: "symptom"; readonly symptom: string; readonly vendor?: string; readonly model?: string }
  | { readonly is: "cases" };

/** A workaround, the fix code that names it in resolutions and tried steps, and the instant since which cases get it. */
type ProblemKnownError = {
  readonly workaround: string;
  readonly fixCode?: string | undefined;
  readonly since: Instant;
};

/**
 * The clock of the investigation, which counts around the clock. It runs until `dueAt`, or rests with the time that is left. Each
 * `incarnation` is overdue at most once.
 */
export type Investigation = {
  readonly incarnation: number;
  readonly withinMs: DurationMs;
  readonly overdue: boolean;
} & ({ readonly runs: true; readonly dueAt: Instant } | { readonly runs: false; readonly leftMs: DurationMs });

/** The state of a problem. */
export type ProblemState = {
  readonly id: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly title: string;
  readonly scope: ProblemScope;
  readonly source: ProblemSource;
  readonly status: ProblemStatus;
  /** The carrier's own id of the person who owns the problem. */
  readonly owner?: string | undefined;
  readonly openedAt: Instant;
  readonly lastEventAt: Instant;
  /** The case that opened the problem, and the number of cases that caused the problem at its opening. */
  readonly caseId?: string | undefined;
  readonly cases: number;
  /** The sequence of the problem's last message on the problem topic. */
  readonly sequence: number;
  readonly investigation: Investigation;
  readonly knownError?: ProblemKnownError | undefined;
  readonly rootCause?: string | undefined;
};

/**
 * Work that intake does after the transaction of a decision. `deadline`: at `dueAt`, for the clock of the investigation. `offer`: the open
 * cases of the scope after the case `after` get the workaround.
 */
export type ProblemTask =
  | { readonly does: "deadline"; readonly incarnation: number; readonly dueAt: Instant }
  | { readonly does: "offer"; readonly after?: string };

/** A decision about a problem: its state, its messages, and the work that intake does later. */
export type ProblemDecision = {
  readonly state: ProblemState;
  readonly messages: readonly ProblemEvent[];
  readonly tasks: readonly ProblemTask[];
};

export type ProblemOutcome = ProblemDecision | { readonly refused: Refusal };

/** The time for the investigation of a problem whose case has no line with a block `problems`. */
export const defaultInvestigationMs: DurationMs = 10 * 86_400_000;

/** The maximum number of changes of a problem. A change of status is always possible. */
export const problemChangesMax = 1_000;

/** Returns true for a problem that is not closed and not cancelled. A scope has at most one open problem. */
export function isOpenProblem({ status }: Pick<ProblemState, "status">): boolean {
  return status !== "closed" && status !== "cancelled";
}
