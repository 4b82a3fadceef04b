import {
  type Actor,
  type ImportRow,
  type Instant,
  type Message,
  type Refusal,
  formatInstant,
  newId,
  parseInstant,
} from "@crossline/contracts";
import { openCase, recordHistoryRow } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { saveEnds } from "../store/case-parties.ts";
import { type CaseRow, insertCases, lockCasesOfCarrier, updateCases } from "../store/cases.ts";
import { type MatchedLine, matchLines } from "../store/lines.ts";
import { lockTimeline, saveImported } from "../store/timelines.ts";
import { matchLine } from "./match-line.ts";
import { refuseRow } from "./row-reader.ts";

/** The timeline of an import and the carrier of the imported cases. */
export type ImportTarget = {
  readonly timeline: string;
  readonly carrier: string;
  /** The line that a case gets if its first row names no line. */
  readonly line: string | undefined;
};

/** The result of one transaction that imports many rows. */
export type ImportedRows = {
  readonly importedRows: number;
  readonly casesOpened: number;
  /** The refusal of the row that follows the last imported row. */
  readonly fault: Refusal | undefined;
  /** The writes of the transaction, which intake sends in one packet with the commit. */
  readonly saving: Promise<unknown>;
};

/**
 * Imports consecutive rows in one transaction, with one packet of reads and one packet of writes. If a row is faulty, only the rows
 * before that row are imported.
 */
export async function importRows(tx: Tx, target: ImportTarget, rows: readonly ImportRow[]): Promise<ImportedRows> {
  const { timeline: id, carrier, line } = target;
  const names = [...new Set(rows.map((row) => row.line ?? line))];
  const ids = [...new Set(rows.map(({ carrierCaseId }) => carrierCaseId))];
  const [timeline, found, matched] = await Promise.all([
    lockTimeline(tx, id),
    lockCasesOfCarrier(tx, id, carrier, ids),
    matchLines(
      tx,
      names.map((name) => ({ carrier, name })),
    ),
  ]);
  const [first] = rows;
  if (timeline === undefined || timeline.importedRows + 1 !== first?.row) {
    throw new Error("another import writes to this timeline");
  }
  const lines = new Map(names.map((name, index) => [name, matched[index]]));
  const { importedRows, latestAt, opened, changed, messages, fault } = decideRows(target, rows, found, lines);
  const hasNone = latestAt === undefined;
  const saving = Promise.all([
    insertCases(tx, opened),
    updateCases(
      tx,
      changed.map(({ state }) => state),
    ),
    saveEnds(
      tx,
      found.map(({ state }) => state),
      changed.map(({ state }) => state),
    ),
    appendToOutbox(tx, messages),
    hasNone ? undefined : saveImported(tx, id, { importedRows, latestAt }),
  ]);
  saving.catch(() => {}); // the caller awaits `saving` and handles its error
  return { importedRows: hasNone ? timeline.importedRows : importedRows, casesOpened: opened.length, fault, saving };
}

type ImportedCase = { row: CaseRow; isNew: boolean };

/** Decides the rows in their order and stops at the first refusal. */
function decideRows(
  target: ImportTarget,
  rows: readonly ImportRow[],
  found: readonly CaseRow[],
  lines: ReadonlyMap<string | undefined, MatchedLine | undefined>,
) {
  const cases = new Map<string, ImportedCase>(found.map((row) => [row.state.carrierCaseId, { row, isNew: false }]));
  const messages: Message[] = [];
  let importedRows = 0;
  let latestAt: Instant | undefined;
  let fault: Refusal | undefined;
  for (const row of rows) {
    const at = parseInstant(row.time);
    const imported = cases.get(row.carrierCaseId);
    const decided =
      imported === undefined ? openFromRow(target, row, at, lines) : recordRow(imported.row, row, at, target.carrier);
    if (isRefusal(decided)) {
      fault = decided;
      break;
    }
    messages.push(...decided.messages);
    if (imported === undefined) cases.set(row.carrierCaseId, { row: decided.row, isNew: true });
    else imported.row = decided.row;
    importedRows = row.row;
    latestAt = Math.max(latestAt ?? at, at);
  }
  const touched = new Set(messages.map(({ key }) => key));
  const changedCases = [...cases.values()].filter(({ row }) => touched.has(row.state.id));
  return {
    importedRows,
    latestAt,
    fault,
    messages,
    opened: changedCases.filter(({ isNew }) => isNew).map(({ row }) => row),
    changed: changedCases.filter(({ isNew }) => !isNew).map(({ row }) => row),
  };
}

type RowDecision = { readonly row: CaseRow; readonly messages: readonly Message[] };

function openFromRow(
  { timeline, carrier, line: otherwise }: ImportTarget,
  row: ImportRow,
  at: Instant,
  lines: ReadonlyMap<string | undefined, MatchedLine | undefined>,
): RowDecision | Refusal {
  const { carrierCaseId, kind = "fault", severity = "minor", channel = "other", title = carrierCaseId } = row;
  const named = row.line ?? otherwise;
  const { status, device, symptom, fields } = row;
  const facts = { carrier, kind, severity, channel, title, device, symptom };
  const chosen = matchLine({ carrier, named, facts }, lines.get(named));
  if (isRefusal(chosen)) return refuseRow(row.row, "/line", `has not been published by ${carrier}`, "unknown_line");
  if (!chosen.observes)
    return refuseRow(
      row.row,
      "/line",
      "must be a line with the mode observe, because imported cases do not cross",
      "unknown_line",
    );
  const given = { carrierCaseId, kind, severity, title, channel, status, device, symptom, fields };
  const { state, messages } = openCase(
    { ...given, line: chosen.ref, lineReason: chosen.reason, id: newId("cs"), timeline },
    actorOf(carrier, row),
    at,
  );
  return { row: { state, observe: true }, messages };
}

function recordRow(stored: CaseRow, row: ImportRow, at: Instant, carrier: string): RowDecision | Refusal {
  const { lastEventAt } = stored.state;
  if (at < lastEventAt) {
    const message = `is earlier than the previous row of this case, ${formatInstant(lastEventAt)}`;
    return refuseRow(row.row, "/time", message, "invalid_request");
  }
  const { state, messages } = recordHistoryRow(
    stored.state,
    { status: row.status, fields: row.fields },
    actorOf(carrier, row),
    at,
  );
  return { row: { ...stored, state }, messages };
}

/** Returns the actor of an imported row. Every imported row counts as an act of a person. */
function actorOf(party: string, { person }: ImportRow): Actor {
  return { party, automated: false, ...(person !== undefined && { person }) };
}
