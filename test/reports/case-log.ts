import {
  type EventData,
  type EventType,
  type Instant,
  type ReceivedMessage,
  messageId,
  topics,
} from "@crossline/contracts";

/** The records of one case in the order of their instants, as intake and routing publish them. */
export type CaseLog = {
  readonly caseId: string;
  /** Adds an event. Events after the end of the history did not happen, and the function returns false. */
  readonly add: <T extends EventType>(at: Instant, type: T, data: EventData<T>) => boolean;
  /** Returns the records. Each topic has its own sequence from 1. */
  readonly records: () => ReceivedMessage[];
};

type LoggedEvent = { readonly at: Instant; readonly type: EventType; readonly data: unknown };

const routingNouns = new Set(["handoff", "pool"]);

/** Creates an empty log. Two events of one instant keep the order in which they were added. */
export function createLog(
  caseId: string,
  { until, timeline }: { readonly until: Instant; readonly timeline: string },
): CaseLog {
  const logged: LoggedEvent[] = [];
  return {
    caseId,
    add(at, type, data) {
      if (at > until) return false;
      logged.push({ at, type, data });
      return true;
    },
    records() {
      const sequences = { case: 0, handoff: 0 };
      return logged
        .toSorted((one, other) => one.at - other.at)
        .map(({ at, type, data }) => {
          const noun = routingNouns.has(type.slice(0, type.indexOf("."))) ? "handoff" : "case";
          const record = {
            topic: topics[noun],
            key: caseId,
            sequence: ++sequences[noun],
            type,
            time: at,
            timeline,
            data,
          };
          return { ...record, id: messageId(record), partition: 0 };
        });
    },
  };
}
