import { type EventData, type Instant, formatInstant, topics } from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import type { Investigation, ProblemDecision, ProblemState } from "./problem.ts";
import { deadlineTasks } from "./investigation.ts";
import { scopeFields } from "./scope.ts";

type ProblemChange = Pick<EventData<"problem.changed">, "actor" | "change" | "from" | "caseId" | "reason">;

/**
 * Returns the decision of a changed problem: `changed` is the state after the change, and `before` the clock of the investigation
 * before it.
 */
export function appendChange(
  changed: ProblemState,
  at: Instant,
  { actor, change, from, caseId, reason }: ProblemChange,
  before?: Investigation,
): ProblemDecision {
  const state = { ...changed, sequence: changed.sequence + 1, lastEventAt: at };
  const {
    id: key,
    timeline,
    carrier,
    title,
    status,
    scope,
    source,
    owner,
    knownError,
    rootCause,
    investigation,
  } = state;
  const data: EventData<"problem.changed"> = {
    actor,
    companies: [carrier],
    carrier,
    problemId: key,
    title,
    change,
    ...(from !== undefined && { from }),
    to: status,
    source,
    ...scopeFields(scope),
    ...(owner !== undefined && { owner }),
    ...(investigation.runs && { investigateBy: formatInstant(investigation.dueAt) }),
    ...(knownError !== undefined && {
      knownError: {
        workaround: knownError.workaround,
        ...(knownError.fixCode !== undefined && { fixCode: knownError.fixCode }),
      },
    }),
    ...(rootCause !== undefined && { rootCause }),
    ...(caseId !== undefined && { caseId }),
    ...(reason !== undefined && { reason }),
  };
  const envelope = { topic: topics.problem, key, sequence: state.sequence, time: at, timeline };
  return { state, messages: [eventOf("problem.changed", data, envelope)], tasks: deadlineTasks(before, state) };
}
