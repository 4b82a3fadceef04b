import type { ClockEvent } from "@crossline/contracts";
import type { ScheduleHints } from "../schedule/agenda.ts";

/** The result of a transaction of the consumer. The scanner, the metrics and waiting requests receive it after the commit. */
export type AppliedBatch = ScheduleHints & {
  readonly caseIds: ReadonlySet<string>;
  readonly clockEvents: readonly ClockEvent[];
};
