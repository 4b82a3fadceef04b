import { featureCount, featuresOf } from "./features.ts";
import learned from "./learned.json" with { type: "json" };
import type { MessageMark } from "@crossline/contracts";

type Language = NonNullable<MessageMark["language"]>;
type BlameWeights = {
  /** The weight of each feature, from -127 to 127, or `unknown`. */
  readonly weights: Int8Array;
  readonly languages: ReadonlyMap<string, Language>;
};

/** The value of a feature that no sentence of the lists has at least twice. */
const unknown = -128;

// Only intake guards texts, so that the other services do not spend 4 MB for the weights.
let decoded: BlameWeights | undefined;

function blameWeights(): BlameWeights {
  decoded ??= {
    weights: decodeWeights(learned.weights),
    languages: new Map(
      Object.entries(learned.languages).flatMap(([language, words]) =>
        words.split(" ").map((word) => [word, language as Language] as const),
      ),
    ),
  };
  return decoded;
}

/**
 * Returns a score, which is above 0 if the words of a sentence resemble the blaming sentences of the lists. The score is the sum of
 * the weights of the known features. The sum is divided by the square root of their number, so that the length does not matter.
 */
export function scoreBlame(words: readonly string[]): number {
  const { weights } = blameWeights();
  let [sum, known] = [0, 0];
  for (const feature of featuresOf(words)) {
    const weight = weights[feature] ?? unknown;
    if (weight === unknown) continue;
    sum += weight;
    known += 1;
  }
  return known === 0 ? -learned.threshold : sum / Math.sqrt(known) - learned.threshold;
}

/** Returns the language of which a sentence has the most frequent words, or undefined if it has none of them. */
export function languageOf(words: readonly string[]): Language | undefined {
  const counts = new Map<Language, number>();
  for (const word of words) {
    const language = blameWeights().languages.get(word);
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}

/** Each known feature has its distance from the feature before it, as a varint (7 bits in each byte, the lowest first), and a weight. */
function decodeWeights(text: string): Int8Array {
  const weights = new Int8Array(featureCount).fill(unknown);
  const bytes = Uint8Array.fromBase64(text);
  let feature = -1;
  for (let at = 0; at < bytes.length; at++) {
    let distance = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      distance |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    feature += distance;
    weights[feature] = bytes[at] ?? 0;
  }
  return weights;
}
