import type { Instant, ReceivedMessage } from "@crossline/contracts";
import { type ReportedCase, isReportedCaseEvent, nextReportedCase } from "@crossline/domain";
import {
  type AssignmentChange,
  type CrossingChange,
  type PromiseChange,
  assignmentChange,
  crossingChange,
  mergeChanges,
  promiseChange,
} from "@crossline/insight/facts";

/** The facts of one case, as insight stores them in four tables. */
export type CaseFacts = {
  readonly facts: ReportedCase;
  readonly crossings: readonly CrossingChange[];
  readonly promises: readonly PromiseChange[];
  readonly assignments: readonly AssignmentChange[];
};

/** Applies the records of one case in memory, with insight's own rules. */
export function factsOf(records: readonly ReceivedMessage[]): CaseFacts {
  let facts: ReportedCase | undefined;
  for (const record of records) if (isReportedCaseEvent(record)) facts = nextReportedCase(facts, record);
  if (facts === undefined) throw new Error("a history of a case begins with case.opened");
  return {
    facts,
    crossings: mergeChanges(records.flatMap(crossingChange), ({ handoffId }) => handoffId),
    promises: mergeChanges(records.flatMap(promiseChange), ({ promiseId }) => promiseId),
    assignments: mergeChanges(records.flatMap(assignmentChange), ({ assignmentId }) => assignmentId),
  };
}

/** Returns the first acceptance of a vendor, and the instant at which this vendor solved the case. */
export function firstCrossing({
  crossings,
}: CaseFacts): { readonly acceptedAt: Instant; readonly resolvedAt: Instant | undefined } | undefined {
  const [first] = crossings
    .flatMap(({ acceptedAt, resolvedAt }) => (acceptedAt === undefined ? [] : [{ acceptedAt, resolvedAt }]))
    .toSorted((one, other) => one.acceptedAt - other.acceptedAt);
  return first;
}
