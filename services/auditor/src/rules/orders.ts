import type { Counts } from "./case-state.ts";
import type { TailRecord } from "./audited-case.ts";
import { nextOf } from "./tail.ts";

/** So many orders have eight records of which none knew of another, four of each topic. */
const ordersMax = 70;

/** All orders in which records can have been applied: within each topic as they were numbered, none before its causes. Undefined: more than `max`. */
export function ordersOf(
  records: readonly TailRecord[],
  applied: Counts,
  max = ordersMax,
): readonly (readonly TailRecord[])[] | undefined {
  const orders: (readonly TailRecord[])[] = [];
  const extend = (order: readonly TailRecord[], left: readonly TailRecord[], by: Counts): boolean => {
    if (left.length === 0) return orders.push(order) <= max;
    for (const noun of ["case", "handoff"] as const) {
      const next = nextOf(left, noun, by);
      if (next === undefined) continue;
      const rest = left.filter((record) => record !== next);
      if (!extend([...order, next], rest, { ...by, [noun]: next.sequence })) return false;
    }
    return true;
  };
  return extend([], records, applied) ? orders : undefined;
}
