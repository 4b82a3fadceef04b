import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { featureCount, featuresOf, sentencesOf } from "@crossline/domain/blame";
import type { LabelledSentence } from "./corpus.ts";
import { frequentWords } from "./frequent-words.ts";

/** The content of `learned.json`, from which the guard scores a sentence. */
export type LearnedBlame = {
  /** The hash (SHA-256) of the lists and of the files that calculate the weights. */
  readonly sources: string;
  /** The smallest score of a sentence that blames. */
  readonly threshold: number;
  /** For each language its most frequent words that are rare in the other languages, separated by spaces. */
  readonly languages: Readonly<Record<string, string>>;
  /** The known features and their weights: see `decodeWeights` of the guard. */
  readonly weights: string;
};

/** The file that the guard reads. `npx -y pnpm generate` writes it. */
export const learnedFile = resolve(import.meta.dirname, "../../packages/domain/src/message/blame/learned.json");

const blame = "../../packages/domain/src/message/blame";
/** The files that calculate the weights. */
const calculating = ["learn.ts", "frequent-words.ts", `${blame}/features.ts`, `${blame}/sentences.ts`];

/** Returns the text of `learnedFile`. */
export function textOfLearned(learned: LearnedBlame): string {
  return `${JSON.stringify(learned, null, 2)}\n`;
}

/** A feature of one sentence says nothing about others, and such features would double the file. */
const sentencesMin = 2;
/** The cost of a wrong label against large weights. In the cross-validation, 0.3 and 3 found about as many sentences. */
const cost = 1;
const rounds = 20;
/**
 * The score, before rounding, above which a sentence blames. If each of five batches was measured by weights from the other
 * sentences, precision and recall were equal at this threshold.
 */
const threshold = 0.04;

type Example = { readonly features: readonly number[]; readonly label: 1 | -1 };

/**
 * Returns the weights of a linear classifier for the sentences. The method is that of Wang and Manning (2012, “Baselines and Bigrams”):
 * a support vector machine over log-count ratios of naive Bayes. The result depends on nothing but the sentences and their order.
 */
export function learnBlame(sentences: readonly LabelledSentence[]): LearnedBlame {
  const examples = examplesOf(sentences);
  const ratios = logCountRatios(examples);
  const trained = train(examples, ratios);
  const weights = [...ratios.keys()].toSorted((one, other) => one - other).map((feature) => trained[feature] ?? 0);
  const largest = weights.map(Math.abs).toSorted((one, other) => one - other)[Math.floor(weights.length * 0.9999)] ?? 1;
  const scale = 127 / largest;
  const rounded = weights.map((weight) => Math.max(-127, Math.min(127, Math.round(weight * scale))));
  return {
    sources: hashOfSources(sentences),
    threshold: Math.round(threshold * scale * 100) / 100,
    languages: frequentWords(sentences),
    weights: encodeWeights(
      [...ratios.keys()].toSorted((one, other) => one - other),
      rounded,
    ),
  };
}

/** Returns the hash of everything from which the weights follow. A test compares it, because learning takes 20 s. */
export function hashOfSources(sentences: readonly LabelledSentence[]): string {
  const hash = createHash("sha256").update(JSON.stringify(sentences));
  for (const file of calculating) hash.update(readFileSync(resolve(import.meta.dirname, file)));
  return hash.digest("hex");
}

function examplesOf(sentences: readonly LabelledSentence[]): readonly Example[] {
  const all = sentences.map(({ text, blames }): Example => {
    const words = sentencesOf(text).flatMap((sentence) => sentence.words);
    return { features: featuresOf(words), label: blames ? 1 : -1 };
  });
  const counts = new Uint32Array(featureCount);
  for (const { features } of all) for (const feature of features) counts[feature] = (counts[feature] ?? 0) + 1;
  return all
    .map(({ features, label }) => ({ features: features.filter((one) => (counts[one] ?? 0) >= sentencesMin), label }))
    .filter(({ features }) => features.length > 0);
}

/** Returns for each feature the logarithm of its share in blaming sentences over its share in polite ones, with half a sentence more. */
function logCountRatios(examples: readonly Example[]): ReadonlyMap<number, number> {
  const blaming = new Map<number, number>();
  const polite = new Map<number, number>();
  const totals = { blaming: 0, polite: 0 };
  for (const { features, label } of examples) {
    const counts = label === 1 ? blaming : polite;
    totals[label === 1 ? "blaming" : "polite"] += features.length;
    for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const share = (count: number | undefined, total: number): number => ((count ?? 0) + 0.5) / total;
  return new Map(
    [...blaming.keys(), ...polite.keys()].map((feature) => [
      feature,
      Math.log(share(blaming.get(feature), totals.blaming) / share(polite.get(feature), totals.polite)),
    ]),
  );
}

/**
 * Trains by dual coordinate descent with the squared hinge loss (Hsieh et al. 2008, algorithm 1). A sentence has the value
 * `ratio / √n` for each of its n features. Returns weights that already contain the ratio.
 */
function train(examples: readonly Example[], ratios: ReadonlyMap<number, number>): Float64Array {
  const ratioOf = new Float64Array(featureCount);
  for (const [feature, ratio] of ratios) ratioOf[feature] = ratio;
  const ridge = 1 / (2 * cost);
  const rows = examples.map(({ features, label }) => {
    const length = Math.sqrt(features.length);
    const values = features.map((feature) => (ratioOf[feature] ?? 0) / length);
    return { features, label, values, square: values.reduce((sum, value) => sum + value * value, 0), dual: 0 };
  });
  const weights = new Float64Array(featureCount);
  const random = randomNumbers();
  for (let round = 0; round < rounds; round++) {
    shuffle(rows, random);
    for (const row of rows) {
      const score = row.features.reduce((sum, one, at) => sum + (weights[one] ?? 0) * (row.values[at] ?? 0), 0);
      const dual = Math.max(0, row.dual - (row.label * score - 1 + ridge * row.dual) / (row.square + ridge));
      const step = (dual - row.dual) * row.label;
      row.dual = dual;
      if (step !== 0)
        for (const [at, one] of row.features.entries())
          weights[one] = (weights[one] ?? 0) + step * (row.values[at] ?? 0);
    }
  }
  return weights.map((weight, feature) => weight * (ratioOf[feature] ?? 0));
}

/** Returns random numbers in [0, 1) that are the same in every run (a linear congruential generator). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffle(rows: unknown[], random: () => number): void {
  for (let at = rows.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [rows[at], rows[other]] = [rows[other], rows[at]];
  }
}

function encodeWeights(features: readonly number[], weights: readonly number[]): string {
  const bytes: number[] = [];
  let before = -1;
  for (const [at, feature] of features.entries()) {
    let distance = feature - before;
    before = feature;
    for (; distance >= 0x80; distance >>>= 7) bytes.push((distance & 0x7f) | 0x80);
    bytes.push(distance, (weights[at] ?? 0) & 0xff);
  }
  return Uint8Array.from(bytes).toBase64();
}
