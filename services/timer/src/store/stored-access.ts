import type { Instant, LineRef } from "@crossline/contracts";
import type { CaseClocks, CaseReading, EarlierValues } from "@crossline/domain";
import type { Lines } from "./lines.ts";
import { type StoredState, decodeState, toStored } from "./stored-state.ts";

/** The clocks of a case, and the instant of its last event. */
export type Clocks = { readonly state: CaseClocks; readonly lastEventAt: Instant };

/** Clocks in stored form: an encoded state, and the line that is needed to decode the state. */
export type StoredClocks = { readonly lastEventAt: Instant; readonly line: LineRef; readonly state: StoredState };

/**
 * The part of each company in a case. `earlier` contains the clocks as they were before each of the last records; it is absent while
 * no vendor may read the case.
 */
export type StoredAccess = { readonly reading: CaseReading; readonly earlier?: EarlierValues<StoredClocks> };

/** The clocks that a former vendor reads. `at` is the end of the vendor's last part. */
export type StoredView = StoredClocks & { readonly at: Instant };

/** Encodes clocks. The caller must first load the line of the clocks. */
export function storeClocks({ state, lastEventAt }: Clocks, lines: Lines): StoredClocks {
  const { line } = state;
  return { lastEventAt, line, state: toStored(state, lines.get(line), lastEventAt) };
}

/** Decodes clocks. The caller must first load the line of the clocks. */
export function readClocks(
  { lastEventAt, line, state }: StoredClocks,
  of: Pick<CaseClocks, "caseId" | "timeline" | "carrier">,
  lines: Lines,
): Clocks {
  return { state: decodeState({ ...of, line, lastEventAt }, state, lines.get(line)), lastEventAt };
}
