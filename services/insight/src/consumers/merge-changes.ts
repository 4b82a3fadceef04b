/**
 * Merges the changes of each row into one, because a statement may change a row only once. A later value replaces an earlier one, and
 * a missing value changes nothing.
 */
export function mergeChanges<Change extends object>(
  changes: readonly Change[],
  idOf: (change: Change) => string,
): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const before = merged.get(idOf(change));
    merged.set(idOf(change), before === undefined ? change : { ...before, ...change });
  }
  return [...merged.values()].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}
