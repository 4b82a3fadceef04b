import type { CaseStatus } from "@crossline/contracts";
import type { RowStatus } from "./mapping.ts";

/**
 * One row of a recorded history. The row records an act of a person of the holder, and the state of the case after this
 * act.
 */
export type LogRow = {
  readonly caseId: string;
  readonly time: number;
  readonly order: number;
  readonly status: CaseStatus;
  readonly person?: string;
  /** The holder at the time of the row (a group or a desk), if the log names the holder. */
  readonly holder?: string;
  readonly fields: Readonly<Record<string, string>>;
};

/**
 * A row as it is read from the log. If the row's state is `unchanged`, the case keeps the state of its previous row.
 */
export type MappedRow = Omit<LogRow, "status"> & { readonly status: RowStatus };
