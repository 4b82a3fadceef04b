import type { ClockEvent, HandoffEvent } from "@crossline/contracts";
import type { CaseClocks, CaseCrossing, CaseState } from "@crossline/domain";
import type { Fetched } from "../broker.ts";

/** A case as the three services know it, and what was published about it. */
export type Whole = {
  readonly id: string;
  readonly case: CaseState;
  readonly clocks: CaseClocks;
  readonly crossing: CaseCrossing;
  readonly caseEvents: readonly Fetched[];
  readonly clockEvents: readonly ClockEvent[];
  readonly handoffEvents: readonly HandoffEvent[];
};
