import { parseInstant } from "@crossline/contracts";

/** Returns the earlier of two need-bys; undefined if both are absent. */
export function earlierNeedBy(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return parseInstant(other) < parseInstant(one) ? other : one;
}
