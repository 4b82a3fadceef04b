/** The number of features that the guard distinguishes, as a power of two: with 2^18, two features often share a number. */
export const featureCount = 2 ** 22;

/** The number of letters of a stem. The inflections of a word mostly share a stem of this length. */
const stemLength = 5;
/** The maximum number of words between two stems whose order is a feature. */
const distanceMax = 6;

/**
 * Returns the features of a sentence: its pairs and triples of words, its stems, and the ends of long words. Two stems with a distance
 * of at most six words are a feature too. Each feature is a number below `featureCount`, and occurs once.
 */
export function featuresOf(sentence: readonly string[]): readonly number[] {
  const words = ["^", ...sentence, "$"];
  const stems = words.map((word) => word.slice(0, stemLength));
  const features = new Set<number>();
  for (const [at, word] of words.entries()) {
    const [stem = "", second] = [stems[at], words[at + 1]];
    features.add(numberOf("stem", stem, ""));
    if (word.length > 4) features.add(numberOf("end", word.slice(-3), ""));
    if (second === undefined) continue;
    features.add(numberOf("pair", word, second));
    features.add(numberOf("triple", word, `${second} ${words[at + 2] ?? ""}`));
    features.add(numberOf("next", stem, stems[at + 1] ?? ""));
    for (const later of stems.slice(at + 1, at + 1 + distanceMax)) features.add(numberOf("later", stem, later));
  }
  return [...features];
}

/** The FNV-1a hash (32 bits) of a feature, mixed so that its lower bits depend on every letter. */
function numberOf(kind: string, one: string, other: string): number {
  let hash = 0x81_1c_9d_c5;
  const text = `${kind} ${one} ${other}`;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c_1b_3c_6d);
  return ((hash ^ (hash >>> 12)) >>> 0) % featureCount;
}
