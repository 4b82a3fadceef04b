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

/** The timeline of an import, and whose cases it takes. */
export type ImportTarget = {
  readonly timeline: string;
  readonly carrier: string;
  /** For cases whose first row names none. */
  readonly line: string | undefined;
};

/** The result of one transaction of rows. */
export type ImportedRows = {
  readonly importedRows: number;
  readonly casesOpened: number;
  /** Why the row after the last one was not taken. */
  readonly fault: Refusal | undefined;
  /** The writes, under way; the commit joins them. */
  readonly saving: Promise<unknown>;
};

/** Takes consecutive rows in one transaction: one packet of reads, one of writes. What lies before a faulty row is taken. */
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
    throw new Error("another import runs into this timeline");
  }
  const lines = new Map(names.map((name, index) => [name, matched[index]]));
  const { importedRows, latestAt, opened, changed, messages, fault } = decideRows(target, rows, found, lines);
  const isNone = latestAt === undefined;
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
    isNone ? undefined : saveImported(tx, id, { importedRows, latestAt }),
  ]);
  saving.catch(() => {}); // the caller waits for it
  return { importedRows: isNone ? timeline.importedRows : importedRows, casesOpened: opened.length, fault, saving };
}

type ImportedCase = { row: CaseRow; isNew: boolean };

/** Decides row by row, up to the first that is refused. */
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
    const known = cases.get(row.carrierCaseId);
    const decided =
      known === undefined ? openFromRow(target, row, at, lines) : recordRow(known.row, row, at, target.carrier);
    if (isRefusal(decided)) {
      fault = decided;
      break;
    }
    messages.push(...decided.messages);
    if (known === undefined) cases.set(row.carrierCaseId, { row: decided.row, isNew: true });
    else known.row = decided.row;
    importedRows = row.row;
    latestAt = Math.max(latestAt ?? at, at);
  }
  const touched = new Set(messages.map(({ key }) => key));
  const hands = [...cases.values()].filter(({ row }) => touched.has(row.state.id));
  return {
    importedRows,
    latestAt,
    fault,
    messages,
    opened: hands.filter(({ isNew }) => isNew).map(({ row }) => row),
    changed: hands.filter(({ isNew }) => !isNew).map(({ row }) => row),
  };
}

type RowDecision = { readonly row: CaseRow; readonly messages: readonly Message[] };

function openFromRow(
  { timeline, carrier, line: given }: ImportTarget,
  row: ImportRow,
  at: Instant,
  lines: ReadonlyMap<string | undefined, MatchedLine | undefined>,
): RowDecision | Refusal {
  const { carrierCaseId, kind = "fault", severity = "minor", channel = "other", title = carrierCaseId } = row;
  const named = row.line ?? given;
  const { status, device, symptom, fields } = row;
  const facts = { carrier, kind, severity, channel, title, device, symptom };
  const chosen = matchLine({ carrier, named, facts }, lines.get(named));
  if (isRefusal(chosen)) return refuseRow(row.row, "/line", `is none that ${carrier} has published`, "unknown_line");
  if (!chosen.observes)
    return refuseRow(row.row, "/line", "must be a line that only observes: a history moves nobody", "unknown_line");
  const told = { carrierCaseId, kind, severity, title, channel, status, device, symptom, fields };
  const { state, messages } = openCase(
    { ...told, line: chosen.ref, lineReason: chosen.reason, id: newId("cs"), timeline },
    actorOf(carrier, row),
    at,
  );
  return { row: { state, observe: true }, messages };
}

function recordRow(known: CaseRow, row: ImportRow, at: Instant, carrier: string): RowDecision | Refusal {
  const { lastEventAt } = known.state;
  if (at < lastEventAt) {
    const message = `is before the row of this case that came before it, ${formatInstant(lastEventAt)}`;
    return refuseRow(row.row, "/time", message, "invalid_request");
  }
  const { state, messages } = recordHistoryRow(
    known.state,
    { status: row.status, fields: row.fields },
    actorOf(carrier, row),
    at,
  );
  return { row: { ...known, state }, messages };
}

/** A recorded row is a person's event. */
function actorOf(party: string, { person }: ImportRow): Actor {
  return { party, automated: false, ...(person !== undefined && { person }) };
}
