import type { ClockEvent } from "@crossline/contracts";
import type { ScheduleHints } from "../schedule/agenda.ts";

/**
 * The result of a transaction of the consumer. The scanner, the metrics and the waiting requests receive this result after the
 * commit.
 */
export type AppliedBatch = ScheduleHints & {
  readonly caseIds: ReadonlySet<string>;
  readonly clockEvents: readonly ClockEvent[];
};
