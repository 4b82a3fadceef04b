/**
 * Shares a budget among parties by what each of them asks for: max-min fairness (Bertsekas and Gallager, Data Networks, 6.5.2).
 * Who asks for less than an equal share gets all of it; what that leaves is shared equally among the others. Nothing of
 * the budget is left over while somebody asks for more. Amounts are of any unit, as long as it is the same.
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
