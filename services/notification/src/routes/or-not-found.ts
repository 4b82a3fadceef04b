import { type Refusal, refusal } from "@crossline/contracts";

/** What was found, or the refusal that says there is nothing: the same for what is somebody else's. */
export function orNotFound<T>(found: T | undefined, what: string): T | Refusal {
  return found ?? refusal("not_found", `You have no ${what} with this id.`);
}
