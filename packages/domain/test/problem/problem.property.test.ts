import type { ProblemStatus } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  type CaseKnownError,
  type ProblemCommand,
  type ProblemScope,
  afterCaseEvent,
  isInScope,
  keysOfCase,
  scopeKey,
} from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";
import { PlayedProblem, caseId, hourMs } from "./played-problem.ts";

vi.setConfig({ testTimeout: 60_000 });

const reason = "of the test";
const command: fc.Arbitrary<ProblemCommand> = fc.oneof(
  fc.record({ type: fc.constant("assign" as const), owner: fc.constantFrom("a", "b"), reason: fc.constant(reason) }),
  fc.record({
    type: fc.constant("change-status" as const),
    to: fc.constantFrom("investigating" as const, "resolved" as const, "closed" as const, "cancelled" as const),
    reason: fc.constant(reason),
  }),
  fc.record({
    type: fc.constant("record-known-error" as const),
    workaround: fc.constantFrom("Reset.", "Restart."),
    fixCode: fc.option(fc.constant("reset"), { nil: undefined }),
  }),
  fc.record({ type: fc.constant("set-root-cause" as const), rootCause: fc.constantFrom("x", "y") }),
  fc.record({
    type: fc.constantFrom("link" as const, "unlink" as const),
    caseId: fc.constant(caseId),
    isLinked: fc.boolean(),
    reason: fc.constant(reason),
  }),
);
const steps = fc.array(fc.record({ hours: fc.integer({ min: 0, max: 8 }), command }), { maxLength: 40 });

/** Written again from the rules in the documents. */
const next: Readonly<Record<ProblemStatus, readonly ProblemStatus[]>> = {
  new: ["investigating", "known-error", "resolved", "cancelled"],
  investigating: ["known-error", "resolved", "cancelled"],
  "known-error": ["known-error", "investigating", "resolved", "cancelled"],
  resolved: ["investigating", "closed"],
  closed: ["investigating"],
  cancelled: ["investigating"],
};
const isOpenInvestigation = (status: ProblemStatus) => status === "new" || status === "investigating";

test("whatever commands come, a problem follows its table of statuses, and its events have no gap", () => {
  fc.assert(
    fc.property(steps, (played) => {
      const problem = new PlayedProblem();
      for (const { hours, command: one } of played) {
        problem.pass(hours);
        const before = problem.state;
        const refused = problem.command(one);
        const { status } = problem.state;
        expect(refused === undefined || problem.state === before).toBe(true);
        expect(status === before.status ? [status] : next[before.status]).toContain(status);
        expect(status === "known-error" && problem.state.knownError === undefined).toBe(false);
      }
      expect(problem.messages.map(({ sequence }) => sequence)).toEqual(problem.messages.map((_, index) => index + 1));
      expect(problem.state.sequence).toBe(problem.messages.length);
      const statuses = problem.messages.flatMap(({ data }) => ("to" in data ? [data] : []));
      for (const [index, { from }] of statuses.entries()) expect(from).toBe(statuses[index - 1]?.to);
    }),
    { numRuns: propertyRuns },
  );
});

test("an incarnation is overdue exactly once if its counted time passes the limit, and never before", () => {
  fc.assert(
    fc.property(steps, (played) => {
      const problem = new PlayedProblem();
      const counted = new Map<number, number>(); // the hours that the investigation was open, by incarnation
      let incarnation = 1;
      const wait = (hours: number) => {
        if (isOpenInvestigation(problem.state.status))
          counted.set(incarnation, (counted.get(incarnation) ?? 0) + hours);
        problem.pass(hours);
      };
      for (const { hours, command: one } of played) {
        wait(hours);
        const { status: from } = problem.state;
        problem.command(one);
        const isReopened = from === "resolved" || from === "closed" || from === "cancelled";
        if (isReopened && isOpenInvestigation(problem.state.status)) incarnation++;
      }
      wait(1);
      const limit = problem.state.investigation.withinMs / hourMs;
      const overdue = problem.overdue();
      expect(new Set(overdue).size).toBe(overdue.length);
      // A deadline runs at its instant, and a command of the same instant runs after it.
      for (const [number, hours] of counted) {
        expect(hours === limit || overdue.includes(number) === hours > limit).toBe(true);
      }
    }),
    { numRuns: propertyRuns },
  );
});

test("while the clock runs and is not overdue, its deadline has a task", () => {
  fc.assert(
    fc.property(steps, (played) => {
      const problem = new PlayedProblem();
      for (const { hours, command: one } of played) {
        problem.command(one, hours);
        const { investigation: clock } = problem.state;
        if (!clock.runs || clock.overdue) continue;
        const { incarnation, dueAt } = clock;
        expect(problem.tasks.findLast(({ does }) => does === "deadline")).toMatchObject({ incarnation, dueAt });
      }
    }),
    { numRuns: propertyRuns },
  );
});

const word = fc.constantFrom("a", "b");
const maybe = fc.option(word, { nil: undefined });
const channel = fc.constantFrom("web" as const, "phone" as const);
const scope: fc.Arbitrary<ProblemScope> = fc.oneof(
  fc.record({ is: fc.constant("missing-item" as const), kind: word, channel, item: word }),
  fc.record(
    { is: fc.constant("symptom" as const), symptom: word, vendor: word, model: word },
    { requiredKeys: ["is", "symptom"] },
  ),
);
const scopedCase = fc.record({
  kind: word,
  channel,
  symptom: maybe,
  device: fc.option(fc.record({ vendor: maybe, model: maybe }), { nil: undefined }),
  missing: fc.uniqueArray(word),
});

test("the keys of a case are exactly the keys of the scopes that select it", () => {
  fc.assert(
    fc.property(scope, scopedCase, (one, of) => {
      expect(keysOfCase(of).includes(scopeKey(one) ?? "none")).toBe(isInScope(one, of));
    }),
    { numRuns: propertyRuns },
  );
});

const actor = { party: "northtel", automated: false };
const caseEvent = fc.oneof(
  fc.record({
    type: fc.constant("entry.added" as const),
    name: fc.constantFrom("reset", "restart"),
    outcome: fc.constantFrom("worked" as const, "partly" as const, "failed" as const, "not-possible" as const),
  }),
  fc.record({ type: fc.constant("case.resolved" as const), fixCode: fc.constantFrom("reset", "other", undefined) }),
  fc.record({ type: fc.constantFrom("case.confirmed" as const, "case.reopened" as const) }),
  fc.record({
    type: fc.constant("case.closed" as const),
    from: fc.constantFrom("resolved" as const, "inProgress" as const),
    reason: fc.constantFrom(
      "confirmed" as const,
      "confirmation-lapsed" as const,
      "by-carrier" as const,
      "merged" as const,
    ),
  }),
);

test("the outcome of a workaround is that of the last event that decides it", () => {
  fc.assert(
    fc.property(fc.array(caseEvent, { maxLength: 20 }), (events) => {
      let known: readonly CaseKnownError[] = [
        { problemId: "pb_1", workaround: "Reset.", fixCode: "reset" },
        { problemId: "pb_2", workaround: "Wait." },
      ];
      let resolvedWith: string | undefined;
      let expected: string | undefined;
      for (const { type, ...data } of events) {
        const step = type === "entry.added" ? { step: { ...data, parameters: {} } } : data;
        known = afterCaseEvent(known, { type, data: { actor, ...step } }, resolvedWith);
        const { name, outcome, from, reason: why, fixCode } = data as Record<string, string | undefined>;
        if (type === "case.resolved") resolvedWith = fixCode;
        if (name === "reset" && (outcome === "worked" || outcome === "failed")) expected = outcome;
        if (type !== "case.resolved" && type !== "entry.added" && resolvedWith === "reset") {
          if (type === "case.reopened") expected = "failed";
          else if (type === "case.confirmed" || (from === "resolved" && why !== "merged")) expected = "worked";
        }
        expect(known.map((one) => one.outcome)).toEqual([expected, undefined]);
      }
    }),
    { numRuns: propertyRuns },
  );
});
