import { type Refusal, refusal } from "@crossline/contracts";

/**
 * Returns the value, or the refusal `not_found` if the value is undefined. The refusal does not show whether the id belongs to
 * another party.
 */
export function orNotFound<T>(found: T | undefined, what: string): T | Refusal {
  return found ?? refusal("not_found", `You have no ${what} with this id.`);
}
