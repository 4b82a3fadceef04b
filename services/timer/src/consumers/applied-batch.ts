import type { ClockEvent } from "@crossline/contracts";
import type { ScheduleHints } from "../schedule/agenda.ts";

/**
 * The result of a transaction of the consumer. After the commit, the timer gives the result to the scanner, the metrics and the
 * waiting requests.
 */
export type AppliedBatch = ScheduleHints & {
  readonly caseIds: ReadonlySet<string>;
  readonly clockEvents: readonly ClockEvent[];
};
