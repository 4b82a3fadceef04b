import type { CaseStatus } from "@crossline/contracts";
import type { RowStatus } from "./mapping.ts";

/** One row of a recorded history: what a person of the case's holder did, and the state that they left it in. */
export type LogRow = {
  readonly caseId: string;
  readonly time: number;
  readonly order: number;
  readonly status: CaseStatus;
  readonly person?: string;
  /** Who had the case then, where the log says it: a group or a desk. */
  readonly holder?: string;
  readonly fields: Readonly<Record<string, string>>;
};

/** A row before its history is known: it may leave its case in the state that the row before it left. */
export type MappedRow = Omit<LogRow, "status"> & { readonly status: RowStatus };
