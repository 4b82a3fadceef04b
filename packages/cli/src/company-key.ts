import { CommandFault } from "./fault.ts";
import { readState } from "./keys.ts";

/** Returns the API key of the company: CROSSLINE_KEY, or else the key that `start` has saved for northtel. */
export function readCompanyKey(): string {
  const key = process.env["CROSSLINE_KEY"] ?? readState("northtel.header")?.replace(/^Authorization: Bearer /, "");
  if (key === undefined) throw new CommandFault("Set CROSSLINE_KEY to the API key of your company.");
  return key;
}
