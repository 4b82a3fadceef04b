import { type Instant, type Trigger, formatInstant, newId, parseDuration } from "@crossline/contracts";
import { type CaseDecision, type Line, missingItems, appendCaseEvent } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { findSimilarOpenings } from "../store/similar-openings.ts";
import { type MissingRow, countMissing } from "../store/problems.ts";
import type { DossierRows } from "./dossier-rows.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

/** The opening of a case, with its compiled line and its instant. */
export type Opening = {
  readonly request: CaseRequest<OpenCommand>;
  readonly line: Line | undefined;
  readonly at: Instant;
};

/** The data about other cases that some lines need for the opening of a case. */
export type SimilarCases = {
  /** Maps each opening whose line counts similar cases to the opening times of the similar cases. */
  readonly alike: ReadonlyMap<CaseRequest, readonly Instant[]>;
  /**
   * Maps the key of an item (`keyOf`) to the number of cases that lacked the item. For an item that already has a problem, the value is
   * undefined. The unit of work increments the number.
   */
  readonly missing: Map<string, number | undefined>;
};

type AlikeTrigger = Extract<Trigger, { on: "alike" }>;
const alikeMax = 100;

/**
 * Reads the data that the lines of these openings need about other cases. For most lines, intake sends no query, because they need no
 * such data. The opening of a canary needs no such data either, because it is no case of a customer.
 */
export async function findSimilar(tx: Tx, openings: readonly Opening[]): Promise<SimilarCases> {
  const alike = new Map<CaseRequest, readonly Instant[]>();
  const missing = new Map<string, number | undefined>();
  for (const { request, line, at } of openings) {
    if (line === undefined || isCanary(request)) continue;
    const { body } = request.command;
    const within = line.triggers.filter((trigger): trigger is AlikeTrigger => trigger.on === "alike");
    if (within.length > 0) {
      const since = at - Math.max(...within.map((trigger) => parseDuration(trigger.within)));
      alike.set(request, await findSimilarOpenings(tx, { ...body, carrier: request.actor.party, since }));
    }
    if (line.problems === undefined) continue;
    const since = at - (line.problems.withinMs ?? Infinity);
    const queries = missingItemsOf(request, line).map((item) => ({ ...scopeOf(request), item, since }));
    const counts = await countMissing(tx, queries);
    for (const [index, query] of queries.entries()) missing.set(keyOf(query), counts[index]);
  }
  return { alike, missing };
}

/** Returns the opening times of the similar cases and of this case, or an empty object if the line does not count similar cases. */
export function alikeOf({ alike }: SimilarCases, { request, at }: Opening): { readonly alike?: string[] } {
  const earlier = alike.get(request);
  return { ...(earlier !== undefined && { alike: [...earlier, at].slice(-alikeMax).map(formatInstant) }) };
}

/**
 * Counts each item that is missing at this opening, if the line counts missing items. If the count reaches the limit of the line, adds
 * a problem.
 */
export function withProblems(
  opened: CaseDecision,
  { request, line, at }: Opening,
  { missing }: SimilarCases,
  rows: DossierRows,
): CaseDecision {
  if (line?.problems === undefined || isCanary(request)) return opened;
  let decision = opened;
  for (const item of missingItemsOf(request, line)) {
    const row = { ...scopeOf(request), item, at, caseId: opened.state.id };
    rows.missing(row);
    const before = missing.get(keyOf(row));
    if (before === undefined) continue;
    const cases = before + 1;
    const isProblem = cases >= line.problems.missing;
    missing.set(keyOf(row), isProblem ? undefined : cases);
    if (!isProblem) continue;
    const problem = { ...row, problemId: newId("pb"), cases };
    rows.problem(problem);
    const { problemId, channel, kind } = problem;
    const actor = { party: row.carrier, automated: true };
    const data = { actor, problemId, item, channel, kind, cases };
    decision = appendCaseEvent(decision, at, { type: "problem.opened", data });
  }
  return decision;
}

function isCanary({ command }: CaseRequest<OpenCommand>): boolean {
  return command.canary !== undefined;
}

function missingItemsOf({ command: { body } }: CaseRequest<OpenCommand>, line: Line): string[] {
  return missingItems(line.requires, { ...body, facts: [] }).map(({ item }) => item);
}

type Scope = Pick<MissingRow, "timeline" | "carrier" | "kind" | "channel">;

function scopeOf({ actor, command: { body } }: CaseRequest<OpenCommand>): Scope {
  return { timeline: body.timeline, carrier: actor.party, kind: body.kind, channel: body.channel };
}

function keyOf({ timeline, carrier, kind, channel, item }: Scope & { readonly item: string }): string {
  return [timeline, carrier, kind, channel, item].join("\n");
}
