/**
 * Returns each party's share of a budget, by max-min fairness (Bertsekas and Gallager, Data Networks, 6.5.2). A party that
 * demands less than an equal share gets all of its demand. The other parties share the rest equally. If a part of the budget
 * remains, every party has received all of its demand. All amounts have the same unit.
 */
export function shareOut(budget: number, demands: ReadonlyMap<string, number>): Map<string, number> {
  const shares = new Map<string, number>();
  let left = budget;
  let sharers = demands.size;
  for (const [party, demand] of [...demands].toSorted(([, one], [, other]) => one - other)) {
    const share = Math.min(demand, left / sharers);
    shares.set(party, share);
    left -= share;
    sharers--;
  }
  return shares;
}
