import { describe, expect, test, vi } from "vitest";
import { type CrossedCase, findTrainingDebt, smallestGroup } from "../../src/index.ts";
import { logNormals, normal, repeated } from "./drawn.ts";

// The time limit is long, because these tests check numbers, not speed, and a busy machine is slow.
vi.setConfig({ testTimeout: 60_000 });
const minuteMs = 60_000;

/** The factors by which a planted group differs from the other groups. */
type Plan = { readonly group: string; readonly held: number; readonly fixed: number };

/**
 * Draws the crossed cases of a carrier: the holds and the fixes of a hard symptom are both longer. Devices
 * and channels differ too, and each fix varies with its hold.
 */
function drawCases(
  random: () => number,
  size: readonly [symptoms: number, devices: number, each: number],
  plans: readonly Plan[] = [],
) {
  const [symptoms, devices, each] = size;
  const hardness = logNormals(symptoms, 1, random, 0.2);
  const handiness = logNormals(devices, 1, random, 0.15);
  const cases: CrossedCase[] = [];
  for (let index = 0; index < symptoms * devices * each; index++) {
    const [symptom, device] = [Math.floor(random() * symptoms), Math.floor(random() * devices)];
    const plan = plans.find(({ group }) => group === `s${symptom} d${device}`);
    const channel = random() < 0.7 ? "phone" : "mail";
    const hard = (hardness[symptom] ?? 1) * (handiness[device] ?? 1) * Math.exp(0.3 * normal(random));
    const slow = channel === "mail" ? 8 : 1;
    cases.push({
      symptom: `s${symptom}`,
      device: `d${device}`,
      stratum: channel,
      heldMs: 22 * minuteMs * slow * hard * (plan?.held ?? 1) * Math.exp(0.6 * normal(random)),
      fixedMs: random() < 0.1 ? undefined : 35 * minuteMs * hard * (plan?.fixed ?? 1) * Math.exp(0.8 * normal(random)),
    });
  }
  return cases;
}

const gapsOf = (cases: readonly CrossedCase[]): string[] => {
  const debt = findTrainingDebt(cases);
  return debt.enough ? debt.gaps.map(({ symptom, device }) => `${symptom} ${device}`) : ["not enough"];
};

describe("the training debt of drawn carriers", () => {
  test("without a gap: none of 60 carriers with 1,200 crossed cases has a finding", () => {
    expect(repeated(60, (random) => gapsOf(drawCases(random, [5, 6, 40]))).flat()).toEqual([]);
  });

  test("with two gaps: both are found at each of 60 carriers, and none else", () => {
    const plans = [
      { group: "s1 d2", held: 5, fixed: 0.2 },
      { group: "s3 d0", held: 5, fixed: 0.2 },
    ];
    const found = repeated(60, (random) => gapsOf(drawCases(random, [5, 6, 80], plans)).toSorted());
    expect(found.filter((each) => JSON.stringify(each) !== '["s1 d2","s3 d0"]')).toEqual([]);
  });

  test.each([
    ["only long holds", { group: "s1 d2", held: 6, fixed: 1 }],
    ["only fast fixes", { group: "s1 d2", held: 0.8, fixed: 0.1 }],
    ["a hard symptom with long holds and long fixes", { group: "s1 d2", held: 4, fixed: 4 }],
    ["a difference below the smallest effect", { group: "s1 d2", held: 1.3, fixed: 0.75 }],
  ])("%s: no gap", (_, plan) => {
    expect(repeated(20, (random) => gapsOf(drawCases(random, [5, 6, 60], [plan]))).flat()).toEqual([]);
  });
});

describe("training debt", () => {
  const group = (symptom: string, cases: number, heldMs: number, fixedMs: number | undefined): CrossedCase[] =>
    Array.from({ length: cases }, (_, index) => ({
      symptom,
      device: "Handheld 8700",
      stratum: "phone",
      heldMs: heldMs + index,
      fixedMs: fixedMs === undefined ? undefined : fixedMs + index,
    }));

  test("ranks the gaps by the time for which customers waited", () => {
    const common = ["a", "b", "c", "d", "e"].flatMap((symptom) => group(symptom, 100, 20 * minuteMs, 30 * minuteMs));
    const debt = findTrainingDebt([
      ...group("memory-full", 30, 180 * minuteMs, minuteMs),
      ...group("no-sound", 60, 120 * minuteMs, 2 * minuteMs),
      ...common,
    ]);
    expect(debt).toMatchObject({ enough: true, groups: 7 });
    const gaps = debt.enough ? debt.gaps : [];
    expect(gaps.map(({ symptom, cases }) => [symptom, cases])).toEqual([
      ["no-sound", 60],
      ["memory-full", 30],
    ]);
    expect(gaps[1]).toMatchObject({ waitedMs: 30 * 180 * minuteMs + 435, medianFixedMs: minuteMs + 14.5 });
  });

  test("names no group with fewer than 20 cases, and says so if less than two groups are large enough", () => {
    const few = group("memory-full", smallestGroup - 1, 180 * minuteMs, minuteMs);
    const others = group("a", 100, 20 * minuteMs, 30 * minuteMs);
    expect(findTrainingDebt([...few, ...others])).toEqual({ enough: false, groups: 1, smallest: 20 });
    expect(gapsOf([...few, ...others, ...group("b", 100, 20 * minuteMs, 30 * minuteMs)])).toEqual([]);
  });

  test("⚠ cases that the vendors have not solved yet make no fast fix", () => {
    const others = ["a", "b"].flatMap((symptom) => group(symptom, 100, 20 * minuteMs, 30 * minuteMs));
    const solved = group("memory-full", 10, 180 * minuteMs, minuteMs);
    const unsolved = group("memory-full", 50, 180 * minuteMs, undefined);
    expect(gapsOf([...others, ...solved, ...unsolved])).toEqual([]);
    // Unsolved cases of another group are left out, so they make no fix of this group fast.
    const late = group("a", 500, 20 * minuteMs, undefined);
    expect(gapsOf([...others, ...late, ...group("c", 60, 180 * minuteMs, 30 * minuteMs)])).toEqual([]);
  });

  test("needs a median hold that is longer than the median fix", () => {
    const others = ["a", "b"].flatMap((symptom) => group(symptom, 100, 2 * minuteMs, 300 * minuteMs));
    expect(gapsOf([...others, ...group("c", 100, 8 * minuteMs, 60 * minuteMs)])).toEqual([]);
    expect(gapsOf([...others, ...group("c", 100, 8 * minuteMs, 6 * minuteMs)])).toEqual(["c Handheld 8700"]);
  });
});
