import type { ClockEvent, HandoffEvent } from "@crossline/contracts";
import type { CaseClocks, CaseCrossing, CaseState } from "@crossline/domain";
import type { FetchedRecord } from "../broker.ts";

/** The states of a case in the three services, and the published events of the case. */
export type CaseSnapshot = {
  readonly id: string;
  readonly case: CaseState;
  readonly clocks: CaseClocks;
  readonly crossing: CaseCrossing;
  readonly caseEvents: readonly FetchedRecord[];
  readonly clockEvents: readonly ClockEvent[];
  readonly handoffEvents: readonly HandoffEvent[];
};
