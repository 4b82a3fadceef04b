import type { CaseEvent } from "@crossline/contracts";

/** A known error that a case got, and how its workaround ended. The case counts once: its last outcome counts. */
export type CaseKnownError = {
  readonly problemId: string;
  readonly workaround: string;
  readonly fixCode?: string | undefined;
  readonly outcome?: "worked" | "failed" | undefined;
};

/**
 * Returns the outcome that an event of a case gives to the workaround with this fix code; undefined if the event gives none.
 * `resolvedWith` is the fix code of the case's last resolution before the event. A tried step names the workaround by its fix code.
 */
function outcomeOf(
  fixCode: string,
  event: Pick<CaseEvent, "type" | "data">,
  resolvedWith: string | undefined,
): "worked" | "failed" | undefined {
  const { type, data } = event as CaseEvent;
  switch (type) {
    case "entry.added": {
      if (data.step?.name !== fixCode) return undefined;
      const { outcome } = data.step;
      return outcome === "worked" || outcome === "failed" ? outcome : undefined;
    }
    case "case.confirmed":
      return resolvedWith === fixCode ? "worked" : undefined;
    case "case.closed":
      return resolvedWith === fixCode && data.from === "resolved" && data.reason !== "merged" ? "worked" : undefined;
    case "case.reopened":
      return resolvedWith === fixCode ? "failed" : undefined;
    default:
      return undefined;
  }
}

/** Returns true for the events of a case that can decide the outcome of a workaround. */
export function canDecideOutcome({ type }: Pick<CaseEvent, "type">): boolean {
  return type === "entry.added" || type === "case.confirmed" || type === "case.closed" || type === "case.reopened";
}

/** Returns the known errors of a case after an event. If the event changes no outcome, returns the same list. */
export function afterCaseEvent(
  known: readonly CaseKnownError[],
  event: Pick<CaseEvent, "type" | "data">,
  resolvedWith: string | undefined,
): readonly CaseKnownError[] {
  const next = known.map((one) => {
    const outcome = one.fixCode === undefined ? undefined : outcomeOf(one.fixCode, event, resolvedWith);
    return outcome === undefined || outcome === one.outcome ? one : { ...one, outcome };
  });
  return next.some((one, index) => one !== known[index]) ? next : known;
}
