import type { SeenRecord } from "../history.ts";
import type { Finding } from "./findings.ts";
import type { Place } from "./losses.ts";

export type Firing = {
  readonly id: string;
  readonly clock: string;
  readonly threshold: number;
  readonly startedAt: number;
  readonly dueAt: number;
  readonly firedAt: number;
  /** When the broker had it, and when the witness. */
  readonly stamp: number;
  readonly at: number;
  /** Where it was read first. */
  readonly place: Place;
};

/** An event of the case as the checker needs it. */
export type CaseEvent = {
  readonly type: string;
  readonly time: number;
  readonly stamp: number;
  readonly mark: string;
  /** Of the entry, contact, handling or hand-off. */
  readonly id: string;
  /** An entry that is progress: a note is none, nor what was known before, nor the customer's own words, nor a program's. */
  readonly isNews: boolean;
  /** Whose contact or handling it is: the customer's, a person's, or a program's (an automatic reply is one, too). */
  readonly side: "customer" | "person" | "program";
  /** Of a contact. */
  readonly content: string;
  /** Why the case was closed. */
  readonly reason: string;
  /** Where it was read first. */
  readonly place: Place;
};

/** Everything that outside consumers saw of one case. */
export type CaseFile = {
  readonly caseId: string;
  readonly events: CaseEvent[];
  readonly firings: Firing[];
  /** Of the vendor's own consumer: hand-offs offered. */
  readonly offers: Set<string>;
  readonly firingIds: Set<string>;
  readonly topicSequences: Map<string, TopicSequence>;
  line: string | undefined;
};

/** By sequence: the hash of what was first read under it. */
type TopicSequence = { last: number; readonly hashes: string[] };

export function newCaseFile(caseId: string): CaseFile {
  return {
    caseId,
    events: [],
    firings: [],
    offers: new Set(),
    firingIds: new Set(),
    topicSequences: new Map(),
    line: undefined,
  };
}

/** No event: its owner says which sequence is the last of the topic and case so far. */
const confirmedType = "sequence.confirmed";

/**
 * Adds a record, and says what is wrong with it by itself: order and content within its topic and case, a firing twice or
 * too early. A repetition of the very same event is no fault: delivery is at least once.
 */
export function addRecord(
  file: CaseFile,
  record: SeenRecord,
): { readonly findings: Finding[]; readonly isRepeated: boolean } {
  const { caseId } = file;
  const topicSequence = file.topicSequences.get(record.topic) ?? { last: 0, hashes: [] };
  file.topicSequences.set(record.topic, topicSequence);
  const { sequence, hash } = record;
  const place = `${record.topic} ${sequence} (${record.type})`;
  if (record.type === confirmedType) {
    const finding = { kind: "order", caseId, what: `${place} came after ${topicSequence.last}` } as const;
    return { findings: sequence > topicSequence.last ? [finding] : [], isRepeated: false };
  }
  if (sequence <= topicSequence.last) {
    const first = topicSequence.hashes[sequence];
    if (first === hash) return { findings: [], isRepeated: true };
    const kind = first === undefined ? "order" : "contradiction";
    const what = first === undefined ? `${place} came after ${topicSequence.last}` : `${place} was told in two ways`;
    const more = kind === "contradiction" ? doubledBy(file, record) : [];
    return { findings: [{ kind, caseId, what }, ...more], isRepeated: true };
  }
  const findings: Finding[] = [];
  if (sequence > topicSequence.last + 1)
    findings.push({ kind: "order", caseId, what: `${place} came after ${topicSequence.last}` });
  topicSequence.last = sequence;
  topicSequence.hashes[sequence] = hash;
  findings.push(...addEvent(file, record));
  return { findings, isRepeated: false };
}

function addEvent(file: CaseFile, record: SeenRecord): Finding[] {
  const { type, data } = record;
  if (type === "clock.warned" || type === "clock.breached") return addFiring(file, record);
  const text = (name: string): string => (typeof data[name] === "string" ? data[name] : "");
  if (type === "queue.offered") file.offers.add(text("handoffId"));
  if (type === "case.opened") file.line = (data["line"] as { name?: string } | undefined)?.name;
  file.events.push({
    type,
    time: record.time,
    stamp: record.stamp,
    mark: text("carrierCaseId") || text("text"),
    id: text("entryId") || text("contactId") || text("handlingId") || text("handoffId"),
    isNews: data["news"] !== false && data["kind"] !== "note" && sideOf(data) === "person",
    side: sideOf(data),
    content: text("content"),
    reason: text("reason"),
    place: placeOf(record),
  });
  return [];
}

/** Whose act it is, by what it says: who typed a customer's words in does not make them that person's. */
function sideOf({ actor, content, direction, by }: SeenRecord["data"]): CaseEvent["side"] {
  if (content === "auto-reply") return "program";
  if (direction === "inbound" || by === "customer") return "customer";
  return (actor as { automated?: boolean } | undefined)?.automated === true ? "program" : "person";
}

function addFiring(file: CaseFile, record: SeenRecord): Finding[] {
  const { caseId } = file;
  const firing = firingOf(record);
  const findings = doubledBy(file, record);
  file.firingIds.add(firing.id);
  file.firings.push(firing);
  const what = `${firing.clock} ${firing.threshold} %`;
  // A record that was in the broker before its due instant tells of the future.
  if (firing.firedAt < firing.dueAt || firing.stamp < firing.dueAt)
    findings.push({ kind: "early-firing", caseId, what });
  return findings;
}

function doubledBy(file: CaseFile, record: SeenRecord): Finding[] {
  if (!record.type.startsWith("clock.") || record.type === "clock.overtaken") return [];
  const { id, clock, threshold } = firingOf(record);
  return file.firingIds.has(id)
    ? [{ kind: "doubled-firing", caseId: file.caseId, what: `${clock} ${threshold} % fired twice` }]
    : [];
}

function firingOf(record: SeenRecord): Firing {
  const { data, stamp, at } = record;
  const instant = (name: string): number => Date.parse(String(data[name]));
  return {
    id: String(data["firingId"]),
    clock: String(data["clock"]),
    threshold: Number(data["threshold"]),
    startedAt: instant("startedAt"),
    dueAt: instant("dueAt"),
    firedAt: instant("firedAt"),
    stamp,
    at,
    place: placeOf(record),
  };
}

function placeOf({ topic, partition, offset }: SeenRecord): Place {
  return { topic, partition, offset };
}
