import type { SeenRecord } from "../history.ts";
import type { Finding } from "./findings.ts";
import type { RecordPlace } from "./losses.ts";

export type Firing = {
  readonly id: string;
  readonly clock: string;
  readonly threshold: number;
  readonly startedAt: number;
  readonly dueAt: number;
  readonly firedAt: number;
  /** The time of the record at the broker, and its time at the witness. */
  readonly stamp: number;
  readonly at: number;
  /** The place of the record on the broker. */
  readonly place: RecordPlace;
};

/** An event of the case, with the fields that the checker needs. */
export type CaseEvent = {
  readonly type: string;
  readonly time: number;
  readonly stamp: number;
  readonly mark: string;
  /** The id of the entry, contact, handling or hand-off. */
  readonly id: string;
  /** True for an entry that is progress. Notes, known facts, and entries of the customer or a program are not progress. */
  readonly isNews: boolean;
  /** The acting side of the contact or handling. A program writes each automatic reply. */
  readonly side: "customer" | "person" | "program";
  /** The content of a contact, else empty. */
  readonly content: string;
  /** The reason of a closing, else empty. */
  readonly reason: string;
  /** The place of the record on the broker. */
  readonly place: RecordPlace;
};

/** All records of one case, as the outside consumers read them. */
export type CaseFile = {
  readonly caseId: string;
  readonly events: CaseEvent[];
  readonly firings: Firing[];
  /** The hand-offs that the vendor's own consumer received as offers. */
  readonly offers: Set<string>;
  readonly firingIds: Set<string>;
  readonly topicSequences: Map<string, TopicSequence>;
  line: string | undefined;
};

/** The last sequence, and for each sequence the hash of the first record with that sequence. */
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

/**
 * A record of this type is not an event. The publishing service confirms the last sequence of the topic and case with
 * this record.
 */
const confirmedType = "sequence.confirmed";

/**
 * Adds a record and returns the findings that need no other case: order, contradiction, and doubled or early firings.
 * An identical repetition is not a finding, because delivery is at least once.
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
    const what = first === undefined ? `${place} came after ${topicSequence.last}` : `${place} has two contents`;
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

/** Returns the acting side. An entry in the customer's words stays the customer's, even if a rep typed it. */
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
  // The broker had the firing before its due instant, so the timer fired too early.
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

function placeOf({ topic, partition, offset }: SeenRecord): RecordPlace {
  return { topic, partition, offset };
}
