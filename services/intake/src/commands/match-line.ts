import { type LineRef, type Refusal, refusal } from "@crossline/contracts";
import { builtinRef } from "@crossline/domain";
import type { MatchedLine } from "../store/lines.ts";

/** The line that a new case gets, and why; or the refusal, where the request names one that is not known. */
export function chooseLine(
  carrier: string,
  named: string | undefined,
  matched: MatchedLine | undefined,
): { readonly line: LineRef; readonly lineReason: string; readonly observe: boolean } | Refusal {
  const { name = null, version = null, mode = null } = matched ?? {};
  if (name !== null && version !== null) {
    const lineReason = named === undefined ? `default of ${carrier}` : "named by the request";
    return { line: { carrier, name, version }, lineReason, observe: mode === "observe" };
  }
  if (named !== undefined) return refuseLine(`${carrier} has published no line named ${named}.`);
  // A default that names a line not read yet: never "no clock".
  return { line: builtinRef, lineReason: `builtin: ${carrier} has no default`, observe: false };
}

export function refuseLine(detail: string): Refusal {
  return refusal("unknown_line", detail, { fields: [{ at: "/line", message: "is not known" }] });
}
