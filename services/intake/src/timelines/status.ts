import { type Instant, type TimelineReport, parseInstant, topics } from "@crossline/contracts";
import type { TimelineService, TimelineReports } from "../services/other-services.ts";

const owners = { [topics.case]: "intake", [topics.clock]: "timer", [topics.handoff]: "routing" } as const;
type OwnedTopic = keyof typeof owners;
const readers: Readonly<Record<TimelineService, readonly OwnedTopic[]>> = {
  intake: [topics.clock, topics.handoff],
  timer: [topics.case, topics.handoff],
  routing: [topics.case, topics.clock],
  notification: [topics.case, topics.clock, topics.handoff],
};

export type TimelineStatus = {
  /** Everything appended was applied, and nothing is due before the mark. */
  readonly isCaughtUp: boolean;
  /** In words, where it is not. */
  readonly waitingFor: readonly string[];
  /** The same twice in a row: nothing happened in between. */
  readonly counts: string;
  readonly earliestDue: Instant | undefined;
  readonly parked: number;
  readonly dead: number;
  /** Records that were deleted before a part had read them. */
  readonly lost: number;
};

/** Judges one look at a timeline. The looks at the services are not of one moment: only two that agree are proof. */
export function timelineStatusOf(reports: TimelineReports, mark: Instant): TimelineStatus {
  const waitingFor: string[] = [];
  const counts: number[] = [];
  for (const [part, topicsRead] of Object.entries(readers) as [TimelineService, readonly OwnedTopic[]][]) {
    const reader = reports[part];
    if (reader === undefined) waitingFor.push(`${part}: does not answer`);
    for (const topic of topicsRead) {
      const appended = reports[owners[topic]]?.appended[topic] ?? 0;
      const applied = reader?.applied[topic] ?? 0;
      counts.push(appended, applied);
      if (appended !== applied) waitingFor.push(`${part}: ${applied} of ${appended} of ${topic}`);
    }
  }
  const due = Object.values(reports)
    .map((report) => report?.earliestDue)
    .filter((iso) => iso !== undefined)
    .map(parseInstant);
  const earliestDue = due.length === 0 ? undefined : Math.min(...due);
  if (earliestDue !== undefined && earliestDue < mark) waitingFor.push("timer: something is due before the mark");
  const sum = (pick: (report: TimelineReport) => number) =>
    Object.values(reports).reduce((total, report) => total + (report === undefined ? 0 : pick(report)), 0);
  return {
    isCaughtUp: waitingFor.length === 0,
    waitingFor,
    counts: JSON.stringify([counts, earliestDue]),
    earliestDue,
    parked: sum(({ parked }) => parked),
    dead: sum(({ dead }) => dead),
    lost: sum(({ lost = 0 }) => lost),
  };
}
