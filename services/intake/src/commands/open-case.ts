import { type LineRef, type Refusal, newId, parseInstant, refusal } from "@crossline/contracts";
import { keptOf, openCase, planNeedBy } from "@crossline/domain";
import type { KnownLine, Lines, MatchedLine, WantedLine } from "../store/lines.ts";
import type { Batch } from "./batch.ts";
import { goOn } from "./go-on.ts";
import { type Decided, type Read, traced } from "./read.ts";
import type { Item, OpenItem } from "./item.ts";
import { type GivenLine, giveLine } from "./match-line.ts";

/** Which line is asked for, as a key. */
export function lineKey(carrier: string, name = "", version?: number): string {
  return version === undefined ? `${carrier}/${name}` : `${carrier}/${name}@${version}`;
}

/** A carrier's own name of a case, as a key. */
export function nameOf(timeline: string, carrier: string, carrierCaseId: string): string {
  return `${timeline}\n${carrier}\n${carrierCaseId}`;
}

/** The lines that openings and moves ask for, each once. A move is its carrier's, or refused. */
export function wantedLines(items: readonly Item[]): ReadonlyMap<string, WantedLine> {
  const wanted = new Map<string, WantedLine>();
  for (const item of items) {
    const carrier = item.actor.party;
    if (item.is === "open") wanted.set(lineKey(carrier, item.body.line), { carrier, name: item.body.line });
    else if (item.is === "command" && item.command.type === "move") {
      const { line: name, version } = item.command;
      wanted.set(lineKey(carrier, name, version), { carrier, name, version });
    }
  }
  return wanted;
}

/** The versions that are to be at hand to decide under what was found. */
export function refsOf(
  wanted: ReadonlyMap<string, WantedLine>,
  matched: ReadonlyMap<string, MatchedLine | undefined>,
): LineRef[] {
  return [...wanted].flatMap(([key, { carrier }]) => {
    const { name = null, version = null, asking = null } = matched.get(key) ?? {};
    const one = name === null || version === null ? [] : [{ carrier, name, version }];
    return [...one, ...(asking ?? []).map((line) => ({ carrier, name: line.name, version: line.version }))];
  });
}

function choose({ actor, body }: OpenItem, { lines, matched }: Pick<Read, "lines" | "matched">): GivenLine | Refusal {
  const { party: carrier } = actor;
  const asking = { carrier, named: body.line, facts: { ...body, carrier } };
  return giveLine(asking, matched.get(lineKey(carrier, body.line)), lines);
}

/** The line that an opening will be under, where what it says is known. */
export function knownLine(item: OpenItem, read: { lines: Lines; matched: Read["matched"] }): KnownLine | undefined {
  const chosen = choose(item, read);
  return "code" in chosen ? undefined : read.lines.find(chosen.line);
}

/** Opens a case in a batch, under the line that it names or that matches it. */
export function open(batch: Batch, item: OpenItem, read: Read): Decided {
  const { body, actor, traceparent } = item;
  const at = read.now;
  const name = nameOf(body.timeline, actor.party, body.carrierCaseId);
  const caseId = read.taken.get(name);
  if (caseId !== undefined) {
    const detail = `The carrier's case ${body.carrierCaseId} is ${caseId} on this timeline.`;
    return refusal("already_exists", detail, { facts: { caseId } });
  }
  const chosen = choose(item, read);
  if ("code" in chosen) return chosen;
  const { person: _, automated: __, line: ___, handling: ____, ...told } = body;
  const { observe, ...line } = chosen;
  const id = newId("cs");
  const known = read.lines.find(chosen.line)?.line;
  const plan = known?.needBy;
  const opening = {
    ...told,
    ...line,
    id,
    status: "acknowledged" as const,
    ...(known !== undefined && keptOf(known)),
    ...(plan !== undefined &&
      body.needBy !== undefined && { feasibility: planNeedBy(plan, parseInstant(body.needBy), at) }),
    ...(item.follows !== undefined && { follows: item.follows }),
    ...read.surroundings.alike(item, at),
  };
  const opened = read.surroundings.withProblems(openCase(opening, actor, at), item, known, at, batch.dossier);
  read.taken.set(name, id);
  batch.open({ state: opened.state, observe }, traced(opened.messages, traceparent));
  return item.answer(goOn(batch, { state: opened.state, observe }, item, { ...opened, at, party: actor.party }));
}
