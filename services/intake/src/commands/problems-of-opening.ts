import { type Instant, newId } from "@crossline/contracts";
import {
  type CaseDecision,
  type Line,
  type ProblemScope,
  type ProblemState,
  appendCaseEvent,
  keysOfCase,
  matchKnownError,
  missingItems,
  openProblem,
  scopeKey,
  titleOf,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { countMissing, type MissingCount } from "../store/missing-items.ts";
import { findKnownErrors } from "../store/problems.ts";
import type { DossierRows } from "./dossier-rows.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

/** The opening of a case, with its compiled line and its instant. */
export type Opening = {
  readonly request: CaseRequest<OpenCommand>;
  readonly line: Line | undefined;
  readonly at: Instant;
};

/** An opening of a carrier that has a known error, or has none. */
export type OpeningOfCarrier = Opening & { readonly hasKnownErrors: boolean };

/**
 * The problems that concern some openings. `missing` maps the key of an item (`keyOf`) to the open problem about the item, and
 * to the number of cases that lacked it. The unit of work increments the number.
 */
export type ProblemsOfOpenings = {
  readonly missing: Map<string, MissingCount>;
  readonly knownErrors: ReadonlyMap<CaseRequest, readonly ProblemState[]>;
};

/** Reads the problems that concern these openings. For a carrier without known errors and problem rules, intake sends no query. */
export async function findProblemsOf(tx: Tx, openings: readonly OpeningOfCarrier[]): Promise<ProblemsOfOpenings> {
  const missing = new Map<string, MissingCount>();
  const knownErrors = new Map<CaseRequest, readonly ProblemState[]>();
  for (const opening of openings) {
    const { request, line, at } = opening;
    if (isCanary(request)) continue;
    if (opening.hasKnownErrors) knownErrors.set(request, await findMatching(tx, opening));
    if (line?.problems === undefined) continue;
    const since = at - (line.problems.withinMs ?? Infinity);
    const scopes = missingScopes(request, line);
    const of = { timeline: request.command.body.timeline, carrier: request.actor.party };
    const queries = scopes.map((scope) => ({ ...scope, ...of, since, scopeKey: scopeKey(scope) ?? "" }));
    const counts = await countMissing(tx, queries);
    for (const [index, scope] of scopes.entries()) {
      const count = counts[index];
      if (count !== undefined) missing.set(keyOf(request, scope), count);
    }
  }
  return { missing, knownErrors };
}

function findMatching(tx: Tx, { request, line }: Opening): Promise<ProblemState[]> {
  const { body } = request.command;
  const missing = line === undefined ? [] : missingItemsOf(request, line);
  const keys = keysOfCase({ ...body, missing });
  return findKnownErrors(tx, { carrier: request.actor.party, timeline: body.timeline, keys });
}

/**
 * Applies the problems to a case that is opened. Each missing item is counted, if the line counts missing items: the case opens a problem
 * or belongs to it. A known error gives the case its workaround.
 */
export function withProblems(
  opened: CaseDecision,
  opening: Opening,
  problems: ProblemsOfOpenings,
  rows: DossierRows,
): CaseDecision {
  const { request, line, at } = opening;
  if (isCanary(request)) return opened;
  const actor = { party: request.actor.party, automated: true };
  let decision = opened;
  if (line?.problems !== undefined) {
    for (const scope of missingScopes(request, line))
      decision = withMissing(decision, opening, { scope, problems, rows });
    const [event] = opened.messages;
    if (line.problems.returned !== undefined && opened.state.symptom !== undefined && event !== undefined)
      rows.problems.considerOpening(event);
  }
  for (const { id: problemId, knownError } of problems.knownErrors.get(request) ?? []) {
    if (knownError === undefined) continue;
    const { workaround, fixCode } = knownError;
    decision = matchKnownError(decision, { type: "match-known-error", problemId, workaround, fixCode }, actor, at);
  }
  return decision;
}

type MissingScope = Extract<ProblemScope, { is: "missing-item" }>;
type MissingItem = { readonly scope: MissingScope; readonly problems: ProblemsOfOpenings; readonly rows: DossierRows };

function withMissing(
  decision: CaseDecision,
  { request, line, at }: Opening,
  { scope, problems: { missing }, rows }: MissingItem,
): CaseDecision {
  const rule = line?.problems;
  const key = keyOf(request, scope);
  const before = missing.get(key);
  if (rule === undefined || before === undefined) return decision;
  const { timeline, id: caseId } = decision.state;
  const actor = { party: request.actor.party, automated: true };
  const { kind, channel, item } = scope;
  rows.missing({ timeline, carrier: actor.party, kind, channel, item, at, caseId });
  const cases = before.count + 1;
  if (before.problemId !== null) {
    rows.problems.link({ problemId: before.problemId, caseId, at });
    return decision;
  }
  if (cases < rule.missing) {
    missing.set(key, { count: cases, problemId: null });
    return decision;
  }
  const problemId = newId("pb");
  missing.set(key, { count: cases, problemId });
  const since = at - (rule.withinMs ?? Infinity);
  const { investigateWithinMs } = rule;
  const content = {
    id: problemId,
    timeline,
    title: titleOf(scope),
    scope,
    source: "missing-item",
    cases,
    caseId,
  } as const;
  rows.problems.open(openProblem({ ...content, investigateWithinMs }, actor, at), scope, since);
  const data = { actor, problemId, item, channel, kind, cases };
  return appendCaseEvent(decision, at, { type: "problem.opened", data });
}

/** Returns true for the opening of a canary, which is no case of a customer. */
export function isCanary({ command }: CaseRequest<OpenCommand>): boolean {
  return command.canary !== undefined;
}

function missingScopes(request: CaseRequest<OpenCommand>, line: Line): MissingScope[] {
  const { kind, channel } = request.command.body;
  return missingItemsOf(request, line).map((item) => ({ is: "missing-item", kind, channel, item }));
}

function missingItemsOf({ command: { body } }: CaseRequest<OpenCommand>, line: Line): string[] {
  return missingItems(line.requires, { ...body, facts: [] }).map(({ item }) => item);
}

function keyOf({ actor, command: { body } }: CaseRequest<OpenCommand>, scope: MissingScope): string {
  return [body.timeline, actor.party, scopeKey(scope)].join("\n");
}
