import type { Instant, LineRef } from "@crossline/contracts";
import type { CaseClocks, CaseReading, EarlierValues } from "@crossline/domain";
import type { Lines } from "./lines.ts";
import { type StoredState, decodeState, toStored } from "./stored-state.ts";

/** A case's clocks with the time of its last event. */
export type Clocks = { readonly state: CaseClocks; readonly lastEventAt: Instant };

/** The same as they are stored beside their case: as long as a row's state, and read by the line of that moment. */
export type StoredClocks = { readonly lastEventAt: Instant; readonly line: LineRef; readonly state: StoredState };

/** Which companies have which part in a case, and its clocks before its last records, as long as a vendor reads them. */
export type StoredAccess = { readonly reading: CaseReading; readonly earlier?: EarlierValues<StoredClocks> };

/** The clocks as a vendor reads them whose last part ended at `at`. */
export type StoredView = StoredClocks & { readonly at: Instant };

export function storeClocks({ state, lastEventAt }: Clocks, lines: Lines): StoredClocks {
  const { line } = state;
  return { lastEventAt, line, state: toStored(state, lines.get(line), lastEventAt) };
}

/** Their line must have been loaded. */
export function readClocks(
  { lastEventAt, line, state }: StoredClocks,
  of: Pick<CaseClocks, "caseId" | "timeline" | "carrier">,
  lines: Lines,
): Clocks {
  return { state: decodeState({ ...of, line, lastEventAt }, state, lines.get(line)), lastEventAt };
}
