import fc from "fast-check";
import { propertyRuns } from "../property-runs.ts";
import { expect, test, vi } from "vitest";
import {
  type CanaryReport,
  type CanaryResult,
  type CanaryState,
  acknowledgeRun,
  applyReport,
  changePlan,
  newCanary,
  startRun,
} from "../../src/index.ts";

vi.setConfig({ testTimeout: 60_000 }); // 4,000 histories take 0.5 s, or 8 s on a busy machine.
const plan = { everyMs: 60_000, withinMs: 10_000 };
const caseId = "cs_00000000000000000000000001";
const kinds = ["sent", "acknowledged", "read-back", "closed", "failed"] as const;

function report(is: CanaryReport["is"], runId: string): CanaryReport {
  if (is === "acknowledged") return { runId, is, caseId };
  return is === "failed" ? { runId, is, fault: "unreachable" } : { runId, is };
}

/** One step of a worker: the clock moves, and the worker starts a run or reports about the current run or an earlier one. An acknowledgement can also arrive by mail. */
const step = fc.record({
  ms: fc.oneof(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: -70_000, max: 200_000 })),
  act: fc.oneof(
    fc.constant("start" as const),
    fc.record({ is: fc.constantFrom(...kinds, "by-mail" as const), back: fc.constantFrom(0, 0, 0, 1) }),
  ),
  crashes: fc.boolean(),
});

test("every run has exactly one result, whatever a worker reports, repeats or forgets, and however the clock moves", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let now = 1_000_000;
      let state: CanaryState = newCanary(now);
      const started: string[] = [];
      const results: CanaryResult[] = [];
      let endedByMail = 0;
      for (const { ms, act, crashes } of steps) {
        now += ms;
        const before = state;
        if (act === "start") {
          const runId = `run-${started.length}`;
          state = startRun(state, plan, runId, now);
          if (state.run !== before.run) started.push(runId);
        } else {
          const runId = started.at(-1 - act.back) ?? "unknown";
          const after =
            act.is === "by-mail"
              ? acknowledgeRun(state, plan, { runId, caseId }, now)
              : applyReport(state, plan, report(act.is, runId), now);
          if (act.is === "by-mail" && after.last !== state.last) endedByMail++;
          // A process that crashes before it saves has only the stored state, and the next process reports again.
          state = crashes ? state : after;
        }
        if (state.last !== before.last && state.last !== undefined) results.push(state.last);
        expect(state.run === undefined || state.last?.runId !== state.run.runId).toBe(true);
        expect(state.last === before.last || state.dueAt <= now + plan.everyMs).toBe(true);
      }
      expect(endedByMail).toBe(0); // Only the worker ends a run, so that it counts each missed run.
      const ended = results.map(({ runId }) => runId);
      const running = state.run === undefined ? [] : [state.run.runId];
      expect([...ended, ...running]).toEqual(started);
    }),
    { numRuns: propertyRuns },
  );
});

const started = startRun(newCanary(0), plan, "run", 0);
const after = (count: number, at = 1_000): CanaryState =>
  kinds.slice(0, count).reduce((state, is) => applyReport(state, plan, report(is, "run"), at), started);

test("a run that reaches every stage in time is acknowledged, and the next run is due after the period", () => {
  expect(after(4)).toEqual({
    dueAt: 60_000,
    last: { runId: "run", startedAt: 0, caseId, endedAt: 1_000, outcome: "acknowledged" },
  });
  expect(after(4, 10_000).last?.outcome).toBe("acknowledged");
  expect(startRun(after(4), plan, "next", 59_999).run).toBeUndefined();
  expect(startRun(after(4), plan, "next", 60_000).run).toMatchObject({ runId: "next", until: 70_000 });
});

test.for([
  [0, "send"],
  [1, "acknowledge"],
  [2, "read-back"],
  [3, "close"],
] as const)("a run whose process died after %i stages is missed at the stage %s", ([count, stage]) => {
  const stored = after(count);
  for (const is of kinds) {
    const { last, run } = applyReport(stored, plan, report(is, "run"), 10_001);
    expect(last).toMatchObject({ outcome: "missed", stage, endedAt: 10_001 });
    expect(run).toBeUndefined();
  }
  expect(applyReport(stored, plan, report("failed", "run"), 10_001).last).toMatchObject({ fault: "unreachable" });
});

test("a process that continues a run after a crash reaches the result that the first process would have reached", () => {
  for (const count of [0, 1, 2, 3]) {
    const continued = kinds
      .slice(count, 4)
      .reduce((state, is) => applyReport(state, plan, report(is, "run"), 5_000), after(count));
    expect(continued.last).toMatchObject({ outcome: "acknowledged", caseId, endedAt: 5_000 });
  }
});

test("a success removes the fault of the tries before it", () => {
  const failed = applyReport(started, plan, report("failed", "run"), 1_000);
  expect(failed.run).toMatchObject({ stage: "send", fault: "unreachable" });
  expect(applyReport(failed, plan, report("sent", "run"), 2_000).run).not.toHaveProperty("fault");
});

test("an acknowledgement by mail counts before and after the worker has saved that the mail was sent, and only once", () => {
  const own = { runId: "run", caseId };
  for (const count of [0, 1]) {
    const found = acknowledgeRun(after(count), plan, own, 2_000);
    expect(found.run).toMatchObject({ stage: "read-back", caseId });
    expect(acknowledgeRun(found, plan, { ...own, caseId: "cs_00000000000000000000000002" }, 3_000)).toEqual(found);
    expect(applyReport(found, plan, report("sent", "run"), 3_000)).toEqual(found);
  }
  for (const count of [2, 3]) expect(acknowledgeRun(after(count), plan, own, 2_000)).toEqual(after(count));
});

test("an acknowledgement of another run, or after the end of the run, changes nothing and ends no run", () => {
  expect(acknowledgeRun(started, plan, { runId: "other", caseId }, 2_000)).toBe(started);
  expect(acknowledgeRun(started, plan, { runId: "run", caseId }, 10_001)).toBe(started);
  expect(acknowledgeRun(after(4), plan, { runId: "run", caseId }, 2_000)).toEqual(after(4));
});

test("after a long outage, one run is due and not one for each period", () => {
  const late = applyReport(startRun(newCanary(0), plan, "run", 600_000), plan, report("failed", "run"), 610_001);
  expect(late).toMatchObject({ dueAt: 660_000, last: { outcome: "missed" } });
});

test("a shorter period moves the next run forward, and a longer period does not delay it", () => {
  expect(changePlan({ dueAt: 86_400_000 }, plan, 1_000).dueAt).toBe(61_000);
  expect(changePlan({ dueAt: 30_000 }, plan, 1_000).dueAt).toBe(30_000);
});

test("if the clock jumps back, a run that is due too late starts at once, and a run in progress keeps its length", () => {
  expect(startRun({ dueAt: 10_000_000 }, plan, "run", 0).run).toBeDefined();
  const begun = startRun(newCanary(10_000_000), plan, "run", 10_000_000);
  expect(applyReport(begun, plan, report("sent", "run"), 1_000).run).toMatchObject({ startedAt: 1_000, until: 11_000 });
});
