import { type Instant, type Trigger, formatInstant, newId, parseDuration } from "@crossline/contracts";
import { type CaseDecision, type Line, appendCaseEvent, missingItems } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { findAlike } from "../store/alike.ts";
import type { KnownLine } from "../store/lines.ts";
import { type MissingRow, type ProblemRow, countMissing } from "../store/problems.ts";
import type { OpenItem } from "./item.ts";

/** Where what was found is put to be written. */
type Written = { missing(row: MissingRow): void; problem(row: ProblemRow): void };

/** What some lines ask about other cases when one is opened: how many are alike, and what is missing again and again. */
export type Surroundings = {
  /** The openings of cases alike, this one included, where the line has a trigger that counts them. */
  alike(item: OpenItem, at: Instant): { readonly alike?: string[] };
  /** The opening with the problems that it tips, where the line counts what is missing. */
  withProblems(
    opened: CaseDecision,
    item: OpenItem,
    line: Line | undefined,
    at: Instant,
    written: Written,
  ): CaseDecision;
};

type Alike = Extract<Trigger, { on: "alike" }>;

/** Reads what the lines of these openings ask for. Most ask for nothing: then nothing is read. */
export async function readSurroundings(
  tx: Tx,
  opens: readonly OpenItem[],
  at: Instant,
  lineOf: (item: OpenItem) => KnownLine | undefined,
): Promise<Surroundings> {
  const alike = new Map<OpenItem, Instant[]>();
  const counted = new Map<string, number | undefined>();
  for (const item of opens) {
    const line = lineOf(item)?.line;
    if (line === undefined) continue;
    const within = line.triggers.filter((trigger): trigger is Alike => trigger.on === "alike");
    if (within.length > 0) {
      const since = at - Math.max(...within.map((trigger) => parseDuration(trigger.within)));
      alike.set(item, await findAlike(tx, { ...item.body, carrier: item.actor.party, since }));
    }
    if (line.problems === undefined) continue;
    const since = at - (line.problems.withinMs ?? Infinity);
    const missing = missingItems(line.requires, { ...item.body, facts: [] });
    const questions = missing.map(({ item: lacking }) => ({ ...scopeOf(item), item: lacking, since }));
    const counts = await countMissing(tx, questions);
    for (const [index, question] of questions.entries()) counted.set(keyOf(question), counts[index]);
  }
  return surroundings(alike, counted);
}

function surroundings(alike: ReadonlyMap<OpenItem, Instant[]>, counted: Map<string, number | undefined>): Surroundings {
  return {
    alike: (item, at) => {
      const found = alike.get(item);
      return found === undefined ? {} : { alike: [...found, at].slice(-100).map(formatInstant) };
    },
    withProblems: (opened, item, line, at, written) => {
      if (line?.problems === undefined) return opened;
      let decision = opened;
      for (const { item: lacking } of missingItems(line.requires, { ...item.body, facts: [] })) {
        const row = { ...scopeOf(item), item: lacking, at, caseId: opened.state.id };
        written.missing(row);
        const before = counted.get(keyOf(row));
        if (before === undefined) continue;
        counted.set(keyOf(row), before + 1);
        if (before + 1 < line.problems.missing) continue;
        counted.set(keyOf(row), undefined); // Once: it is a problem from now on.
        const problem = { ...row, problemId: newId("pb"), cases: before + 1 };
        written.problem(problem);
        const { problemId, channel, kind, cases } = problem;
        const actor = { party: row.carrier, automated: true };
        const data = { actor, problemId, item: lacking, channel, kind, cases };
        decision = appendCaseEvent(decision, at, { type: "problem.opened", data });
      }
      return decision;
    },
  };
}

type Scope = Pick<MissingRow, "timeline" | "carrier" | "kind" | "channel">;

function scopeOf({ body, actor }: OpenItem): Scope {
  return { timeline: body.timeline, carrier: actor.party, kind: body.kind, channel: body.channel };
}

function keyOf({ timeline, carrier, kind, channel, item }: Scope & { readonly item: string }): string {
  return [timeline, carrier, kind, channel, item].join("\n");
}
