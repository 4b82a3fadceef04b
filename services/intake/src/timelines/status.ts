import { type Instant, type TimelineReport, parseInstant, topics } from "@crossline/contracts";
import type { TimelineReports } from "../services/other-services.ts";

/** If a service does not respond, the reason is the name of the service and this text. */
export const noResponse = "does not respond";

const owners = {
  [topics.case]: "intake",
  [topics.change]: "intake",
  [topics.clock]: "timer",
  [topics.handoff]: "routing",
  [topics.mail]: "notification",
} as const;
type OwnedTopic = keyof typeof owners;
const readers: Readonly<Record<keyof TimelineReports, readonly OwnedTopic[]>> = {
  // The outcome of a mail can meet an obligation. So the mark must not pass a deadline before intake has applied the outcome.
  intake: [topics.clock, topics.handoff, topics.mail],
  timer: [topics.case, topics.handoff],
  routing: [topics.case, topics.clock],
  notification: [topics.case, topics.change, topics.clock, topics.handoff],
  console: [topics.case, topics.clock, topics.handoff],
};

/** Shows whether a timeline is caught up. */
export type TimelineStatus = {
  /** True if every service has applied all records and no deadline is before the mark. */
  readonly isCaughtUp: boolean;
  /** The reasons, in words, why the timeline is not caught up. */
  readonly waitingFor: readonly string[];
  /**
   * The counts of all reports, joined to one text. If two consecutive polls return the same text, no service published or applied a
   * record between them.
   */
  readonly counts: string;
  readonly earliestDue: Instant | undefined;
  readonly parked: number;
  readonly dead: number;
  /** The number of records that Kafka deleted before a service had read them. */
  readonly lost: number;
};

/**
 * Returns the status of a timeline from one poll of the services. The services respond at different moments. Only two equal polls in
 * succession therefore prove that the timeline is caught up.
 */
export function timelineStatusOf(reports: TimelineReports, mark: Instant): TimelineStatus {
  const waitingFor: string[] = [];
  const counts: number[] = [];
  for (const service of Object.keys(reports) as (keyof TimelineReports)[]) {
    const [reader, topicsRead] = [reports[service], readers[service]];
    if (reader === undefined) waitingFor.push(`${service}: ${noResponse}`);
    for (const topic of topicsRead) {
      const appended = reports[owners[topic]]?.appended[topic] ?? 0;
      const applied = reader?.applied[topic] ?? 0;
      counts.push(appended, applied);
      if (appended !== applied) waitingFor.push(`${service}: ${applied} of ${appended} of ${topic}`);
    }
  }
  let earliestDue: Instant | undefined;
  for (const [service, report] of Object.entries(reports)) {
    const due = report?.earliestDue === undefined ? undefined : parseInstant(report.earliestDue);
    if (due !== undefined && due < mark) waitingFor.push(`${service}: a deadline is before the mark`);
    if (due !== undefined) earliestDue = Math.min(earliestDue ?? due, due);
    const { waiting = 0 } = report ?? {};
    counts.push(waiting);
    if (waiting > 0) waitingFor.push(`${service}: ${waiting} tasks are due`);
  }
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
