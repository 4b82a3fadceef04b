import {
  type ClockEvent,
  type EventData,
  type EventType,
  type Instant,
  type LineDocument,
  type Message,
  derivedId,
  formatInstant,
  newId,
  topics,
} from "@crossline/contracts";
import { partitionOf } from "@crossline/messaging";

export const partitions = 4;
const rep = { party: "northtel", person: "rep-1", automated: false };

export const idleLine: LineDocument = {
  line: "idle",
  mode: "observe",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT1H", warnAt: [50] }],
  crossing: [],
  lastResort: [],
};

/** A case, and its timeline. */
type CaseOnTimeline = { readonly caseId: string; readonly timeline: string };

/** Creates the records that intake, routing and the timer publish, with their sequences. */
export type TestRecords = ReturnType<typeof createRecords>;

export function createRecords() {
  const sequences = new Map<string, number>();
  const orderUpTo = createOrders();

  function next(topic: string, key: string): number {
    const sequence = (sequences.get(`${topic} ${key}`) ?? 0) + 1;
    sequences.set(`${topic} ${key}`, sequence);
    return sequence;
  }

  function event(
    { caseId, timeline }: CaseOnTimeline,
    time: Instant,
    type: EventType,
    data: Record<string, unknown> = {},
  ): Message {
    const topic = /^(?:handoff|line|last-resort|joint|roster|pool)\./.test(type) ? topics.handoff : topics.case;
    const sequence = next(topic, caseId);
    return { topic, key: caseId, sequence, type, time, timeline, after: [], data: { actor: rep, ...data } };
  }

  return {
    event,
    opened(of: CaseOnTimeline, time: Instant, document = idleLine, data: Record<string, unknown> = {}): Message {
      const line = { carrier: "northtel", name: document.line, version: 1 };
      const opening = { carrier: "northtel", carrierCaseId: of.caseId, kind: "fault", severity: "minor", title: "" };
      const all = { ...opening, channel: "mail", line, lineReason: "named", ...data };
      const after = [{ topic: topics.line, key: `northtel/${document.line}@1`, sequence: 1 }];
      return { ...event(of, time, "case.opened", all), after };
    },
    /** Creates a firing. `read` is the last sequence of the case topic that the timer had read. */
    fired(
      { caseId, timeline }: CaseOnTimeline,
      due: Instant,
      { threshold = 100, incarnation = "case/1", lateBy = 0, read = 1, change = {}, skip = 0 }: Firing = {},
    ): Message {
      for (let lost = 0; lost < skip; lost++) next(topics.clock, caseId);
      if (skip > 0) orderUpTo(caseId, read);
      const clock = "stall.idle";
      const [dueAt, firedAt] = [due, due + lateBy].map(formatInstant) as [string, string];
      const data: ClockEvent["data"] = {
        firingId: derivedId("fir", caseId, clock, incarnation, threshold),
        clock,
        kind: "stall.idle",
        incarnation,
        threshold,
        charged: "northtel",
        startedAt: dueAt,
        dueAt,
        firedAt,
        order: orderUpTo(caseId, read),
        ...change,
      };
      const type = threshold === 100 ? "clock.breached" : "clock.warned";
      const sequence = next(topics.clock, caseId);
      const after = [{ topic: topics.case, key: caseId, sequence: read }];
      return { topic: topics.clock, key: caseId, sequence, type, time: due + lateBy, timeline, after, data };
    },
    /** Creates a mark for every partition. */
    marks: (timeline: string, mark: Instant): Message[] =>
      Array.from({ length: partitions }, (_, partition) => markOf(next, timeline, mark, partition)),
    line: lineOf,
  };
}

/** Returns the order of the case records since the last clock event of a case. Ignores hand-off records. */
function createOrders() {
  const told = new Map<string, number>();
  return (caseId: string, read: number): number[] => {
    const since = read - (told.get(caseId) ?? 0);
    told.set(caseId, read);
    return since === 0 ? [] : [since];
  };
}

function markOf(
  next: (topic: string, key: string) => number,
  timeline: string,
  mark: Instant,
  partition: number,
): Message {
  const key = `${timeline}/${partition}`;
  const sequence = next(topics.case, key);
  const data = { mark: formatInstant(mark) };
  return { topic: topics.case, key, sequence, type: "timeline.marked", time: mark, timeline, data, partition };
}

function lineOf(document: LineDocument, calendars?: EventData<"line.published">["calendars"]): Message {
  const line = { carrier: "northtel", name: document.line, version: 1 };
  const key = `northtel/${document.line}@1`;
  const data = { line, document, ...(calendars !== undefined && { calendars }) };
  return { topic: topics.line, key, sequence: 1, type: "line.published", time: 0, timeline: "wall", data };
}

export type Firing = {
  readonly threshold?: number;
  readonly incarnation?: string;
  readonly lateBy?: number;
  readonly read?: number;
  /** The values that the firing contains instead of the correct values. */
  readonly change?: Partial<EventData<"clock.breached">>;
  /** The number of clock events that are lost before this firing. */
  readonly skip?: number;
};

/** Returns a new case id. The records of the case belong to the given partition. */
export function newCase(partition?: number): string {
  for (;;) {
    const id = newId("cs");
    if (partition === undefined || partitionOf(id, partitions) === partition) return id;
  }
}
