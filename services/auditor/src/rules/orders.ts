import type { Counts } from "./case-state.ts";
import type { TailRecord } from "./audited-case.ts";
import { nextOf } from "./tail.ts";

/** Four records of each topic, all without causes, have 70 possible orders. */
const ordersMax = 70;

/**
 * Returns all orders in which the timer can have applied the records. In each order, the records of each topic are in sequence, and
 * each record is after its cause. Returns undefined if there are more than `max` orders.
 */
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
