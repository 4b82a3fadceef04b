import { createAssertions, generateKey, hashKey, operatorKeyHolder } from "@crossline/access";
import {
  type EventData,
  type EventType,
  type Instant,
  type LineDocument,
  type Message,
  formatInstant,
  newId,
  parseInstant,
  topics,
} from "@crossline/contracts";
import { partitionOf } from "@crossline/messaging";

export const partitions = 4;

export const rep = { party: "northtel", person: "rep-1", automated: false };

/** A line with one clock, as in story 1. */
export const busyLine: LineDocument = {
  line: "busy",
  mode: "observe",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] }],
  crossing: [],
  lastResort: [],
};

export function idleLine(name: string, ...targets: string[]): LineDocument {
  const clocks = targets.map((target) => ({
    kind: "stall.idle" as const,
    name: `idle-${target.toLowerCase()}`,
    target,
    warnAt: [],
  }));
  return { line: name, mode: "observe", calendar: "24x7", clocks, crossing: [], lastResort: [] };
}

/** Returns the instant of a time such as "09:20" or "09:20:30" on 7 March 2026 in Toronto. */
export function at(clock: string): Instant {
  return parseInstant(`2026-03-07T${clock.length === 5 ? `${clock}:00` : clock}-05:00`);
}

/** A case, and its timeline. */
type CaseOnTimeline = { readonly caseId: string; readonly timeline: string };

/** Creates the records that intake and routing publish, with their sequences. */
export type TestRecords = ReturnType<typeof createRecords>;

export function createRecords() {
  const sequences = new Map<string, number>();

  function next(topic: string, key: string): number {
    const name = `${topic} ${key}`;
    const sequence = (sequences.get(name) ?? 0) + 1;
    sequences.set(name, sequence);
    return sequence;
  }

  /** Creates an event of a case. */
  function event(
    { caseId, timeline }: CaseOnTimeline,
    time: Instant,
    type: EventType,
    data: Record<string, unknown> = {},
  ): Message {
    const topic = /^(?:handoff|line|last-resort)\./.test(type) ? topics.handoff : topics.case;
    const sequence = next(topic, caseId);
    const after = topic === topics.handoff ? [{ topic: topics.case, key: caseId, sequence: 1 }] : [];
    return { topic, key: caseId, sequence, type, time, timeline, after, data: { actor: rep, ...data } };
  }

  return {
    event,
    opened(of: CaseOnTimeline, time: Instant, document: LineDocument, data: Record<string, unknown> = {}): Message {
      const line = { carrier: "northtel", name: document.line, version: 1 };
      const opening = { carrier: "northtel", carrierCaseId: of.caseId, kind: "fault", severity: "minor", title: "" };
      const after = [{ topic: topics.line, key: lineKey(document), sequence: 1 }];
      const all = { ...opening, channel: "phone", line, lineReason: "named", ...data };
      return { ...event(of, time, "case.opened", all), after };
    },
    /** Creates a mark for every partition. */
    marks: (timeline: string, mark: Instant): Message[] =>
      Array.from({ length: partitions }, (_, partition) => {
        const key = `${timeline}/${partition}`;
        const sequence = next(topics.case, key);
        const data = { mark: formatInstant(mark) };
        return { topic: topics.case, key, sequence, type: "timeline.marked", time: mark, timeline, data, partition };
      }),
    line: (document: LineDocument, calendars?: EventData<"line.published">["calendars"], version = 1): Message => ({
      topic: topics.line,
      key: lineKey(document, version),
      sequence: 1,
      type: "line.published",
      time: 0,
      timeline: "wall",
      data: {
        line: { carrier: "northtel", name: document.line, version },
        document,
        ...(calendars === undefined ? {} : { calendars }),
      },
    }),
    party(name: string, kind: "carrier" | "vendor"): { message: Message; key: string } {
      const { key, keyId } = generateKey(name);
      const data = { party: name, kind, name, keys: [{ keyId, hash: hashKey(key) }] };
      const sequence = next(topics.party, name);
      const type = "party.recorded";
      return { key, message: { topic: topics.party, key: name, sequence, type, time: 0, timeline: "wall", data } };
    },
  };
}

/** Returns the assertion with which intake names the operator to the timer. */
export function operatorAssertion(internalKey: string): Promise<string> {
  return createAssertions(internalKey).sign(operator);
}

const operator = operatorKeyHolder("key_operator", "seal-of-these-tests");

function lineKey(document: LineDocument, version = 1): string {
  return `northtel/${document.line}@${version}`;
}

/** Returns a new case id. The records of the case belong to the given partition. */
export function newCase(partition?: number): string {
  for (;;) {
    const id = newId("cs");
    if (partition === undefined || partitionOf(id, partitions) === partition) return id;
  }
}
