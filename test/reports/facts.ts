import type { Instant, ReceivedMessage } from "@crossline/contracts";
import { type ReportedCase, isReportedCaseEvent, nextReportedCase } from "@crossline/domain";
import {
  type CrossingChange,
  type PromiseChange,
  crossingChange,
  mergeChanges,
  promiseChange,
} from "@crossline/insight/facts";

/** The facts of one case, as insight stores them in three tables. */
export type CaseFacts = {
  readonly facts: ReportedCase;
  readonly crossings: readonly CrossingChange[];
  readonly promises: readonly PromiseChange[];
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
