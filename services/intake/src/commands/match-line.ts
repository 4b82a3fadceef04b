import { type LineRef, type Refusal, refusal } from "@crossline/contracts";
import { type CaseFacts, chooseLine } from "@crossline/domain";
import type { Lines, MatchedLine } from "../store/lines.ts";

/** The line that a new case gets, why, and whether it only measures. */
export type GivenLine = { readonly line: LineRef; readonly lineReason: string; readonly observe: boolean };

/** Whose case it is, what it says of itself, and the line that the request names. */
export type Asking = { readonly carrier: string; readonly named: string | undefined; readonly facts: CaseFacts };

/**
 * The line of a new case: gathers what the domain chooses among. Without `lines` none is matched: a history gets the line that is
 * named, or the default. Refuses a name that the carrier has not published.
 */
export function giveLine(
  { carrier, named, facts }: Asking,
  matched: MatchedLine | undefined,
  lines?: Lines,
): GivenLine | Refusal {
  const { name = null, version = null, mode = null, asking } = matched ?? {};
  const found = name === null || version === null ? undefined : { ref: { carrier, name, version }, mode };
  const matchable = (lines === undefined ? [] : (asking ?? [])).flatMap((one) => {
    const ref = { carrier, name: one.name, version: one.version };
    const known = lines?.find(ref);
    return known?.condition === undefined
      ? []
      : [{ ref, mode: one.mode, order: known.order, condition: known.condition }];
  });
  const chosen = chooseLine({
    carrier,
    facts,
    lines: matchable,
    ...(named !== undefined && { named: { name: named, version: found?.ref.version } }),
    ...(found !== undefined && { otherwise: found.ref }),
  });
  if (chosen === undefined) return refuseLine(`${carrier} has published no line named ${named}.`);
  const its = [...matchable, ...(found === undefined ? [] : [found])].find(({ ref }) => isSame(ref, chosen.ref));
  return { line: chosen.ref, lineReason: chosen.reason, observe: its?.mode === "observe" };
}

function isSame(one: LineRef, other: LineRef): boolean {
  return one.carrier === other.carrier && one.name === other.name && one.version === other.version;
}

export function refuseLine(detail: string): Refusal {
  return refusal("unknown_line", detail, { fields: [{ at: "/line", message: "is not known" }] });
}
