/**
 * Corrects probabilities for their number, so that the probability of any false finding stays below the level (Holm 1979). Returns the
 * corrected probabilities in the order of the list: a comparison is a finding if its corrected probability is at most the level.
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities
    .map((probability, index) => ({ probability, index }))
    .toSorted((one, other) => one.probability - other.probability);
  const corrected = probabilities.map(() => 1);
  let largest = 0;
  for (const [rank, { probability, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, probability * (order.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
