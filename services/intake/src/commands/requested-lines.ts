import type { LineRef, Refusal } from "@crossline/contracts";
import type { ChosenLine } from "@crossline/domain";
import type { CaseRow } from "../store/cases.ts";
import type { Lines, MatchedLine, WantedLine } from "../store/lines.ts";
import { matchLine } from "./match-line.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

/** The lines that requests ask for, and the rows that the store has for them, by `lineKey`. */
export type LineRows = ReadonlyMap<string, MatchedLine | undefined>;

/** The key of a line that a request asks for; without a name, of the line that matches. */
export function lineKey({ carrier, name = "", version }: WantedLine): string {
  return version === undefined ? `${carrier}/${name}` : `${carrier}/${name}@${version}`;
}

/** The lines that openings and moves ask for, each once. The carrier is the actor: another's move is refused. */
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

/** The versions that a unit of work reads to decide: of the rows, and of the cases whose need-by is corrected. */
export function versionsOf(
  wanted: ReadonlyMap<string, WantedLine>,
  rows: LineRows,
  requests: readonly CaseRequest[],
  cases: readonly CaseRow[],
): LineRef[] {
  const matched = [...wanted].flatMap(([key, { carrier }]) => {
    const { name = null, version = null, asking = null } = rows.get(key) ?? {};
    const one = name === null || version === null ? [] : [{ carrier, name, version }];
    return [...one, ...(asking ?? []).map((line) => ({ carrier, name: line.name, version: line.version }))];
  });
  const corrected = new Set(requests.map(correctedCase));
  return [...matched, ...cases.flatMap(({ state }) => (corrected.has(state.id) ? [state.line] : []))];
}

/** The case whose need-by a request corrects: its line plans the new one. */
function correctedCase({ command }: CaseRequest): string | undefined {
  if (command.type !== "change") return undefined;
  const { caseId, change } = command;
  return change.type === "correct" && change.needBy != null ? caseId : undefined;
}

/** The line of an opening, or why it has none. */
export function lineOfOpening(
  { actor, command: { body } }: CaseRequest<OpenCommand>,
  rows: LineRows,
  lines: Lines,
): ChosenLine | Refusal {
  const { party: carrier } = actor;
  const { line: named } = body;
  return matchLine({ carrier, named, facts: { ...body, carrier } }, rows.get(lineKey({ carrier, name: named })), lines);
}
