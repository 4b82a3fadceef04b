import type { LineRef, Refusal } from "@crossline/contracts";
import type { ChosenLine } from "@crossline/domain";
import type { CaseRow } from "../store/cases.ts";
import type { Lines, MatchedLine, WantedLine } from "../store/lines.ts";
import { matchLine } from "./match-line.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

/** Maps the key of a line (`lineKey`) to the stored line that a request needs. */
export type LineRows = ReadonlyMap<string, MatchedLine | undefined>;

/** Returns the key of a line that a request needs. If the request names no line, the key means the matching line. */
export function lineKey({ carrier, name = "", version }: WantedLine): string {
  return version === undefined ? `${carrier}/${name}` : `${carrier}/${name}@${version}`;
}

/**
 * Returns the lines that openings and moves need. The result contains each line once. The actor of an opening or a move is always the
 * carrier.
 */
export function wantedLines(requests: readonly CaseRequest[]): ReadonlyMap<string, WantedLine> {
  const wanted = new Map<string, WantedLine>();
  for (const { actor, command } of requests) {
    const line = wantedLine(actor.party, command);
    if (line !== undefined) wanted.set(lineKey(line), line);
  }
  return wanted;
}

function wantedLine(carrier: string, command: CaseRequest["command"]): WantedLine | undefined {
  if (command.type === "open") return { carrier, name: command.body.line };
  if (command.type !== "change" || command.change.type !== "move") return undefined;
  const { line: name, version } = command.change;
  return { carrier, name, version };
}

/**
 * Returns the line versions that a unit of work needs: the versions in `rows`, and the line of each case whose need-by a request
 * corrects.
 */
export function versionsOf(
  wanted: ReadonlyMap<string, WantedLine>,
  rows: LineRows,
  requests: readonly CaseRequest[],
  cases: readonly CaseRow[],
): LineRef[] {
  const matched = [...wanted].flatMap(([key, { carrier }]) => {
    const { name = null, version = null, asking = null } = rows.get(key) ?? {};
    const newest = name === null || version === null ? [] : [{ carrier, name, version }];
    return [...newest, ...(asking ?? []).map((line) => ({ carrier, name: line.name, version: line.version }))];
  });
  const corrected = new Set(requests.map(correctedCase));
  return [...matched, ...cases.flatMap(({ state }) => (corrected.has(state.id) ? [state.line] : []))];
}

/**
 * Returns the id of the case whose need-by a request corrects, or undefined. The plan in the line of this case gives the new latest
 * safe crossing.
 */
function correctedCase({ command }: CaseRequest): string | undefined {
  if (command.type !== "change") return undefined;
  const { caseId, change } = command;
  return change.type === "correct" && change.needBy != null ? caseId : undefined;
}

/** Returns the stored line for an opening. */
export function lineRowOf(
  { actor, command: { body } }: CaseRequest<OpenCommand>,
  rows: LineRows,
): MatchedLine | undefined {
  return rows.get(lineKey({ carrier: actor.party, name: body.line }));
}

/** Returns the line for an opening, or the refusal. */
export function lineOfOpening(request: CaseRequest<OpenCommand>, rows: LineRows, lines: Lines): ChosenLine | Refusal {
  const { party: carrier } = request.actor;
  const { body } = request.command;
  return matchLine({ carrier, named: body.line, facts: { ...body, carrier } }, lineRowOf(request, rows), lines);
}
