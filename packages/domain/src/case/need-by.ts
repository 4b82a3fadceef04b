import { parseInstant } from "@crossline/contracts";

/** The earlier of two deadlines of a customer, where there is one. */
export function earlierNeedBy(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return parseInstant(other) < parseInstant(one) ? other : one;
}
