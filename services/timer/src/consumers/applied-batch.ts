import type { ClockEvent } from "@crossline/contracts";
import type { ScheduleHints } from "../schedule/agenda.ts";

/** What a transaction of the consumer did. The process publishes it to its own parts once the transaction has committed. */
export type AppliedBatch = ScheduleHints & {
  readonly caseIds: ReadonlySet<string>;
  readonly clockEvents: readonly ClockEvent[];
};
