/** A change of a row that a person may claim. */
type Claim = { readonly claimedAt?: number };

/**
 * Merges the changes of each row into one, because a statement may change a row only once. A later value replaces an earlier one, and
 * a missing value changes nothing. Of several claims only the first counts, as in the statements.
 */
export function mergeChanges<Change extends object>(
  changes: readonly Change[],
  idOf: (change: Change) => string,
): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const before = merged.get(idOf(change));
    const { claimedAt } = (before ?? {}) as Claim;
    merged.set(idOf(change), { ...before, ...change, ...(claimedAt !== undefined && { claimedAt }) });
  }
  return [...merged.values()].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}
