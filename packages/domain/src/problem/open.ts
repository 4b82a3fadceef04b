import type { Actor, DurationMs, Instant, ProblemSource } from "@crossline/contracts";
import { appendChange } from "./append-event.ts";
import { startInvestigation } from "./investigation.ts";
import type { ProblemDecision, ProblemScope } from "./problem.ts";

/** The content of a new problem. The caller supplies the id, and ensures that the scope has no open problem. */
export type ProblemOpening = {
  readonly id: string;
  readonly timeline: string;
  readonly title: string;
  readonly scope: ProblemScope;
  readonly source: ProblemSource;
  readonly investigateWithinMs: DurationMs;
  readonly cases: number;
  readonly caseId?: string | undefined;
  readonly owner?: string | undefined;
  readonly rootCause?: string | undefined;
  readonly reason?: string | undefined;
};

/** Opens a problem of the actor's carrier. A problem that is opened with an owner is already under investigation. */
export function openProblem(opening: ProblemOpening, actor: Actor, at: Instant): ProblemDecision {
  const { investigateWithinMs, reason, ...content } = opening;
  const status = opening.owner === undefined ? "new" : "investigating";
  const investigation = startInvestigation(investigateWithinMs, at);
  const state = {
    ...content,
    carrier: actor.party,
    status,
    openedAt: at,
    lastEventAt: at,
    sequence: 0,
    investigation,
  } as const;
  return appendChange(state, at, { actor, change: "opened", caseId: opening.caseId, reason });
}

/** Returns the title of a problem that Crossline opens without a person. */
export function titleOf(scope: ProblemScope): string {
  switch (scope.is) {
    case "missing-item":
      return `Cases of the channel ${scope.channel} lack ${scope.item}`;
    case "symptom": {
      const device = [scope.vendor, scope.model].filter((part) => part !== undefined).join(" ");
      return `${scope.symptom}${device === "" ? "" : ` of ${device}`}`;
    }
    case "cases":
      return "The root cause of a joint case";
  }
}
