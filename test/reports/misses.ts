import { type Sample, compare, compareOutcomes, findTrainingDebt, holm, upperTail } from "@crossline/domain";
import type { PlantedEffect } from "./planted.ts";
import type { CarrierTally, Pair } from "./tally.ts";

/** The probability of any false difference before and after the date, in a whole run of histories. */
const levelOfRun = 0.01;

/**
 * Compares the reports of one carrier with its planted effect. Returns each planted effect that the reports do not find, and each finding that is
 * not planted. The reports agree with the plan if the list is empty. `carriers` is the number of carriers in the whole run.
 */
export function missesOf(tally: CarrierTally, planted: PlantedEffect, carriers: number): string[] {
  return [
    ...differences("training gap", plannedGaps(planted), foundGaps(tally)),
    ...missesOfOutcomes(tally, planted),
    ...missesOfDates(tally, planted, levelOfRun / carriers),
  ];
}

function differences(what: string, planned: readonly string[], found: readonly string[]): string[] {
  return [
    ...planned.filter((one) => !found.includes(one)).map((one) => `${what} not found: ${one}`),
    ...found.filter((one) => !planned.includes(one)).map((one) => `${what} found but not planted: ${one}`),
  ];
}

function plannedGaps(planted: PlantedEffect): string[] {
  return planted.kind === "gaps" ? planted.gaps.map(({ symptom, model }) => `${symptom}, ${model}`) : [];
}

function foundGaps({ crossed }: CarrierTally): string[] {
  const debt = findTrainingDebt(crossed);
  return debt.enough ? debt.gaps.map(({ symptom, device }) => `${symptom}, ${device}`) : ["not enough cases"];
}

/** A pushed model differs in stores only. A training changes the outcomes of some models, so its carrier is left out. */
function missesOfOutcomes({ outcomes }: CarrierTally, planted: PlantedEffect): string[] {
  if (planted.kind === "training") return [];
  const findings = compareOutcomes(outcomes).flatMap(({ model, channel, differences: measures }) =>
    Object.entries(measures).flatMap(([measure, { verdict }]) =>
      verdict === "higher" || verdict === "lower" ? [`${model}, ${channel}: ${measure} ${verdict}`] : [],
    ),
  );
  const pushed = planted.kind === "push" ? `${planted.model}, store: ` : undefined;
  const necessary = pushed === undefined ? [] : [`${pushed}firstContactResolution lower`, `${pushed}reopened higher`];
  const unexpected = findings.filter((one) => pushed === undefined || !one.startsWith(pushed));
  return differences("outcome", necessary, [...findings.filter((one) => necessary.includes(one)), ...unexpected]);
}

/** A training changes the first-contact resolution of one operating system, and with it its contacts and transfers. */
function missesOfDates({ comparisons }: CarrierTally, planted: PlantedEffect, level: number): string[] {
  const compared = [...comparisons].flatMap(([name, pair]) => {
    const probability = probabilityOf(pair);
    return probability === undefined ? [] : [{ name, probability }];
  });
  const corrected = holm(compared.map(({ probability }) => probability));
  const findings = compared.filter((_, index) => (corrected[index] ?? 1) <= level).map(({ name }) => name);
  const trained = planted.kind === "training" ? `first-contact-resolution, ${planted.os}` : undefined;
  const allowed =
    planted.kind === "training" ? [`contacts-per-case, ${planted.os}`, `transfers-per-case, ${planted.os}`] : [];
  return differences(
    "difference",
    trained === undefined ? [] : [trained],
    findings.filter((one) => !allowed.includes(one)),
  );
}

/** Returns the probability of a difference of this size without an effect; undefined if a side has too few cases. */
function probabilityOf({ before, after }: { readonly before: Sample; readonly after: Sample }): number | undefined {
  const compared = compare(before, after);
  if (!compared.enough) return undefined;
  return Math.min(1, 2 * upperTail(Math.abs(compared.difference) / Math.max(compared.standardError, 1e-12)));
}

/** Returns how many intervals of values without an effect there are, and how many of them do not contain zero. About 5 % do not. */
export function coverageOf(
  { comparisons }: CarrierTally,
  planted: PlantedEffect,
): { readonly intervals: number; readonly outside: number } {
  const trained = planted.kind === "training" ? `, ${planted.os}` : ", none";
  const without = [...comparisons].filter(([name]) => !name.endsWith(trained)).map(([, pair]) => contains(pair));
  const judged = without.filter((each) => each !== undefined);
  return { intervals: judged.length, outside: judged.filter((each) => !each).length };
}

function contains({ before, after }: Pair): boolean | undefined {
  const compared = compare(before, after);
  return compared.enough ? compared.low <= 0 && compared.high >= 0 : undefined;
}
