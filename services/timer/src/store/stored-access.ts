import type { Instant, LineRef } from "@crossline/contracts";
import type { CaseClocks, CaseReading, EarlierValues } from "@crossline/domain";
import type { Lines } from "./lines.ts";
import { type StoredState, decodeState, toStored } from "./stored-state.ts";

/** The clocks of a case, and the instant of its last event. */
export type Clocks = { readonly state: CaseClocks; readonly lastEventAt: Instant };

/** Clocks as they are stored beside a case: in the form of the row's state, with the line that decodes them. */
export type StoredClocks = { readonly lastEventAt: Instant; readonly line: LineRef; readonly state: StoredState };

/** The parts of the companies in a case. `earlier` has the clocks before the last records, as long as a vendor may read the case. */
export type StoredAccess = { readonly reading: CaseReading; readonly earlier?: EarlierValues<StoredClocks> };

/** The clocks that a former vendor reads. Its last part ended at `at`. */
export type StoredView = StoredClocks & { readonly at: Instant };

/** Encodes clocks. The caller must have loaded their line. */
export function storeClocks({ state, lastEventAt }: Clocks, lines: Lines): StoredClocks {
  const { line } = state;
  return { lastEventAt, line, state: toStored(state, lines.get(line), lastEventAt) };
}

/** Decodes clocks. The caller must have loaded their line. */
export function readClocks(
  { lastEventAt, line, state }: StoredClocks,
  of: Pick<CaseClocks, "caseId" | "timeline" | "carrier">,
  lines: Lines,
): Clocks {
  return { state: decodeState({ ...of, line, lastEventAt }, state, lines.get(line)), lastEventAt };
}
