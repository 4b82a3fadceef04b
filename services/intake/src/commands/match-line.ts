import { type LineRef, type Refusal, refusal } from "@crossline/contracts";
import { type CaseFacts, type ChosenLine, chooseLine } from "@crossline/domain";
import type { Lines, MatchedLine } from "../store/lines.ts";

/** The input for the choice of a line: the carrier, the data of the case, and the line that the request names. */
export type LineRequest = { readonly carrier: string; readonly named: string | undefined; readonly facts: CaseFacts };

/**
 * Returns the line of a new case. The domain chooses one of the lines that the store has found. Refuses a line name that the carrier
 * has not published. Without `lines`, the function evaluates no match condition. An import passes no `lines`, so an imported case
 * gets the named line or the default line.
 */
export function matchLine(
  { carrier, named, facts }: LineRequest,
  row: MatchedLine | undefined,
  lines?: Lines,
): ChosenLine | Refusal {
  const { name = null, version = null, mode = null, asking = null } = row ?? {};
  const observes = mode === "observe";
  const chosen =
    named === undefined
      ? chooseLine({
          carrier,
          facts,
          lines: lines === undefined || asking === null ? [] : matchables(carrier, asking, lines),
          ...(name !== null && version !== null && { otherwise: { carrier, name, version, observes } }),
        })
      : chooseLine({ carrier, facts, lines: [], named: { name: named, version: version ?? undefined, observes } });
  return chosen ?? refuseLine(`${carrier} has published no line with the name ${named}.`);
}

/** Returns the lines that have a match condition. */
function matchables(carrier: string, asking: NonNullable<MatchedLine["asking"]>, lines: Lines) {
  return asking.flatMap(({ name, version, mode }) => {
    const ref: LineRef = { carrier, name, version };
    const { order, condition } = lines.find(ref) ?? {};
    return condition === undefined ? [] : [{ ref, observes: mode === "observe", order, condition }];
  });
}

/** Returns the refusal of a request that names an unknown line. `at` is the place of the name in the request. */
export function refuseLine(detail: string, at = "/line"): Refusal {
  return refusal("unknown_line", detail, { fields: [{ at, message: "is unknown" }] });
}
