import { type LineRef, type Refusal, refusal } from "@crossline/contracts";
import { type CaseFacts, builtinRef, matchLine } from "@crossline/domain";
import type { Lines, MatchedLine } from "../store/lines.ts";

export type ChosenLine = { readonly line: LineRef; readonly lineReason: string; readonly observe: boolean };

/**
 * The line that a new case gets, and why: the one that the request names, else the first that matches, else the carrier's
 * default, else the built-in one; or the refusal, where the request names one that is not known.
 */
export function chooseLine(
  carrier: string,
  named: string | undefined,
  matched: MatchedLine | undefined,
  facts?: CaseFacts,
  lines?: Lines,
): ChosenLine | Refusal {
  const { name = null, version = null, mode = null } = matched ?? {};
  const known = name !== null && version !== null ? { carrier, name, version } : undefined;
  if (named !== undefined) {
    if (known === undefined) return refuseLine(`${carrier} has published no line named ${named}.`);
    return { line: known, lineReason: "named by the request", observe: mode === "observe" };
  }
  const asking = matched?.asking ?? [];
  if (asking.length > 0 && facts !== undefined && lines !== undefined) {
    const candidates = asking.flatMap(({ name: its, version: newest }) => {
      const ref = { carrier, name: its, version: newest };
      const found = lines.find(ref);
      return found?.condition === undefined ? [] : [{ ref, order: found.order, condition: found.condition }];
    });
    const found = matchLine(candidates, facts);
    const one = asking.find(({ name: its }) => its === found.ref.name);
    if (!found.alarm && one !== undefined)
      return { line: found.ref, lineReason: found.reason, observe: one.mode === "observe" };
  }
  if (known !== undefined) return { line: known, lineReason: `default of ${carrier}`, observe: mode === "observe" };
  // A default that names a line not read yet: never "no clock".
  return { line: builtinRef, lineReason: `builtin: ${carrier} has no default`, observe: false };
}

export function refuseLine(detail: string): Refusal {
  return refusal("unknown_line", detail, { fields: [{ at: "/line", message: "is not known" }] });
}
