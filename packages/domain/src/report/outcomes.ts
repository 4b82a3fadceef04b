import { upperQuantile, upperTail } from "./normal.ts";

/** The sums of one model in one channel from which its outcome is calculated. */
export type OutcomeSums = {
  readonly model: string;
  readonly channel: string;
  readonly cases: number;
  readonly contacts: number;
  /** The sum of the squares of the contacts per case. */
  readonly contactsSquared: number;
  /** The cases that are settled, so that their resolution at the first contact is known. */
  readonly settled: number;
  readonly resolvedAtFirst: number;
  readonly crossed: number;
  readonly reopened: number;
};

const measures = ["contacts", "firstContactResolution", "crossed", "reopened"] as const;
type OutcomeMeasure = (typeof measures)[number];

/**
 * The difference of a model from the other models in the same channel, with the interval of all comparisons together.
 * - `higher`, `lower`: the difference is larger than the smallest effect.
 * - `alike`: the whole interval lies within the smallest effect.
 * - `unclear`: the cases show neither.
 * - `not-enough-cases`: the model or the others have fewer than `smallest` cases.
 */
type OutcomeDifference =
  | {
      readonly verdict: "higher" | "lower" | "alike" | "unclear";
      readonly value: number;
      readonly others: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly verdict: "not-enough-cases"; readonly smallest: number };
export type ModelOutcome = {
  readonly model: string;
  readonly channel: string;
  readonly cases: number;
  readonly differences: Readonly<Record<OutcomeMeasure, OutcomeDifference>>;
};

/** The smallest number of cases of a model in a channel, and of the other models in this channel. */
const smallestOutcome = 30;
/** The probability of any false difference in one report. */
const outcomeLevel = 0.01;
/** Smaller differences are no findings: a fifth of a contact per case, and five hundredths of a share. */
const smallestDifference: Readonly<Record<OutcomeMeasure, number>> = {
  contacts: 0.2,
  firstContactResolution: 0.05,
  crossed: 0.05,
  reopened: 0.05,
};

type Mean = { readonly cases: number; readonly value: number; readonly variance: number };
type MeanDifference = {
  readonly measure: OutcomeMeasure;
  readonly value: number;
  readonly others: number;
  readonly error: number;
};

/**
 * Compares each model with the other models in the same channel, by four measures. A model that differs is no reference for the others, so
 * that one unusual model does not make all others unusual. Holm's method decides how many differences are findings, and the intervals hold
 * for all comparisons together. The standard error is the one of a bootstrap without end, which a mean has in closed form.
 */
export function compareOutcomes(sums: readonly OutcomeSums[]): ModelOutcome[] {
  const questions = sums.flatMap((row) => measures.map((measure) => ({ row, measure })));
  const channels = Map.groupBy(sums, ({ channel }) => channel);
  const comparisons = questions.filter((question) => answer(question, channels, []) !== undefined).length;
  const unusual = findUnusual(questions, channels, comparisons);
  const width = upperQuantile(outcomeLevel / (2 * Math.max(1, comparisons)));
  const present = (question: Question): OutcomeDifference => {
    const compared = answer(question, channels, unusual);
    // With the references that are left at the end, an earlier finding can turn out to be usual.
    const isFinding =
      unusual.includes(question) &&
      compared !== undefined &&
      probabilityOf(compared) * (comparisons - unusual.length + 1) <= outcomeLevel;
    return verdictOf(compared, width, isFinding);
  };
  return sums.map((row) => {
    const { model, channel, cases } = row;
    const own = questions.filter((question) => question.row === row);
    const differences = Object.fromEntries(own.map((question) => [question.measure, present(question)]));
    return { model, channel, cases, differences: differences as ModelOutcome["differences"] };
  });
}

/** Returns the findings, the least probable first. Each of them is left out of the comparisons that follow. */
function findUnusual(questions: readonly Question[], channels: Channels, comparisons: number): Question[] {
  const findings: Question[] = [];
  for (;;) {
    const next = mostUnlikely(questions, channels, findings);
    if (next === undefined || next.probability * (comparisons - findings.length) > outcomeLevel) return findings;
    findings.push(next.question);
  }
}

/** The sums of all models, by channel. */
type Channels = ReadonlyMap<string, readonly OutcomeSums[]>;
type Question = { readonly row: OutcomeSums; readonly measure: OutcomeMeasure };

/** Returns the question, not yet a finding, whose difference is the least probable without an effect. */
function mostUnlikely(questions: readonly Question[], channels: Channels, findings: readonly Question[]) {
  let most: { readonly question: Question; readonly probability: number } | undefined;
  for (const question of questions) {
    const compared = findings.includes(question) ? undefined : answer(question, channels, findings);
    const probability = compared === undefined ? 1 : probabilityOf(compared);
    if (probability < (most?.probability ?? 1)) most = { question, probability };
  }
  return most;
}

/** Compares a model with the other models that are no findings, or with all others if too few cases are left. */
function answer(
  { row, measure }: Question,
  channels: Channels,
  findings: readonly Question[],
): MeanDifference | undefined {
  const others = (channels.get(row.channel) ?? []).filter((each) => each !== row);
  const usual = others.filter((each) => !findings.some((one) => one.row === each && one.measure === measure));
  return compareMeans(measure, row, usual) ?? compareMeans(measure, row, others);
}

function compareMeans(
  measure: OutcomeMeasure,
  row: OutcomeSums,
  others: readonly OutcomeSums[],
): MeanDifference | undefined {
  const [one, rest] = [meanOf(measure, [row]), meanOf(measure, others)];
  if (Math.min(one.cases, rest.cases) < smallestOutcome) return undefined;
  const error = Math.sqrt(one.variance / one.cases + rest.variance / rest.cases);
  return { measure, value: one.value, others: rest.value, error };
}

function meanOf(measure: OutcomeMeasure, rows: readonly OutcomeSums[]): Mean {
  const add = (part: (row: OutcomeSums) => number): number => rows.reduce((sum, row) => sum + part(row), 0);
  const cases = add((row) => (measure === "firstContactResolution" ? row.settled : row.cases));
  if (measure === "contacts") {
    const value = add(({ contacts }) => contacts) / cases;
    return { cases, value, variance: add(({ contactsSquared }) => contactsSquared) / cases - value ** 2 };
  }
  const hits = { firstContactResolution: "resolvedAtFirst", crossed: "crossed", reopened: "reopened" } as const;
  const value = add((row) => row[hits[measure]]) / cases;
  // One more hit and one more miss, so that a share of none or all has an error (Agresti and Caffo 2000).
  const share = (cases * value + 1) / (cases + 2);
  return { cases, value, variance: share * (1 - share) };
}

/** Returns the probability of the difference if the true difference were at most the smallest effect. */
function probabilityOf({ measure, value, others, error }: MeanDifference): number {
  const [size, effect] = [Math.abs(value - others), smallestDifference[measure]];
  if (error === 0) return size > effect ? 0 : 1;
  return Math.min(1, upperTail((size - effect) / error) + upperTail((size + effect) / error));
}

function verdictOf(compared: MeanDifference | undefined, width: number, isFinding: boolean): OutcomeDifference {
  if (compared === undefined) return { verdict: "not-enough-cases", smallest: smallestOutcome };
  const { measure, value, others, error } = compared;
  const difference = value - others;
  const [low, high] = [difference - width * error, difference + width * error];
  const effect = smallestDifference[measure];
  const isAlike = low > -effect && high < effect;
  const verdict = isFinding ? (difference > 0 ? "higher" : "lower") : isAlike ? "alike" : "unclear";
  return { verdict, value, others, low, high };
}
