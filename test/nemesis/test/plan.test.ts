import { expect, test } from "vitest";
import { makePlan, nameOf, trimSilenceMs } from "../plan.ts";

const plan = makePlan({ seed: 7, atLeastMs: 0 });
const kinds = plan.steps
  .flatMap(({ faults }) => faults)
  .map((fault) => (fault.kind === "network" ? fault.how : fault.kind));

test("the same seed returns the same plan, and another seed returns another plan", () => {
  expect(makePlan({ seed: 7, atLeastMs: 0 })).toEqual(plan);
  expect(makePlan({ seed: 8, atLeastMs: 0 })).not.toEqual(plan);
});

test("with any seed, every kind of fault occurs alone, and some occur together", () => {
  for (const seed of [1, 2, 3, 999_999]) {
    const { steps } = makePlan({ seed, atLeastMs: 0 });
    const alone = steps.filter(({ faults }) => faults.length === 1).map(({ faults }) => nameOf(faults[0] as never));
    for (const service of ["intake", "timer", "routing", "notification"]) {
      for (const what of ["kill", "freeze", "third-replica of"]) {
        expect(alone.some((name) => name.startsWith(`${what} ${service}`))).toBe(true);
      }
    }
    for (const how of ["drop-reply", "delay", "half-open-client", "half-open-server", "black-hole"]) {
      for (const of of ["postgres", "kafka"]) {
        expect(alone.filter((name) => name.startsWith(how) && name.endsWith(of))).toHaveLength(1);
      }
    }
    expect(steps.filter(({ faults }) => faults.length > 1).length).toBeGreaterThanOrEqual(3);
  }
  const others = [
    "postgres-shutdown",
    "postgres-terminate",
    "postgres-transaction",
    "postgres-full-disk",
    "broker-kill",
  ];
  expect(kinds).toEqual(expect.arrayContaining([...others, "broker-pause", "clock-off", "receiver-slow"]));
  expect(kinds).toEqual(expect.arrayContaining(["receiver-failing", "duplicates", "out-of-order"]));
});

test("with any seed, the log is trimmed once and alone; the seed chooses the service and the duration", () => {
  const all = Array.from({ length: 60 }, (_, seed) => {
    const { steps } = makePlan({ seed, atLeastMs: 0 });
    return steps.flatMap(({ faults, forMs }) => {
      return faults.flatMap((fault) => (fault.kind === "trim" ? { fault, forMs, together: faults.length } : []));
    });
  });
  expect(all.filter((trims) => trims.length !== 1 || trims[0]?.together !== 1)).toEqual([]);
  const places = all.flat().map(({ fault }) => `${fault.service} ${fault.frozenMs}`);
  expect(new Set(places).size).toBe(8);
  // The fault ends with the silence.
  expect(all.flat().filter(({ fault, forMs }) => forMs < fault.frozenMs + trimSilenceMs)).toEqual([]);
});

test("steps follow each other with pauses, and a short plan ends in time", () => {
  for (const [index, { atMs }] of plan.steps.entries()) {
    const before = plan.steps[index - 1];
    expect(atMs).toBeGreaterThan(before === undefined ? 0 : before.atMs + before.forMs + 1_500);
  }
  expect(plan.lastsMs).toBeLessThan(8.4 * 60_000);
});

test("a longer plan begins like the shorter one", () => {
  const long = makePlan({ seed: 7, atLeastMs: 900_000 });
  expect(long.lastsMs).toBeGreaterThanOrEqual(900_000);
  expect(long.steps.slice(0, plan.steps.length)).toEqual(plan.steps);
});

test("faults of one step affect different components", () => {
  for (const { faults } of makePlan({ seed: 3, atLeastMs: 3_600_000 }).steps) {
    expect(new Set(faults.map(nameOf)).size).toBe(faults.length);
    expect(faults.filter(({ kind }) => kind.startsWith("postgres")).length).toBeLessThanOrEqual(1);
    expect(faults.filter(({ kind }) => kind.startsWith("broker")).length).toBeLessThanOrEqual(1);
  }
});

test("a plan can have only one kind of fault", () => {
  const { steps } = makePlan({ seed: 7, atLeastMs: 0, only: "full-disk" });
  expect(steps.map(({ faults }) => faults.map(nameOf))).toEqual([["postgres-full-disk"]]);
  expect(() => makePlan({ seed: 7, atLeastMs: 0, only: "earthquake" })).toThrow("earthquake");
});
