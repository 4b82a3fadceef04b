import { expect, test } from "vitest";
import {
  type ApplicationOrder,
  type CalendarDocument,
  type EventType,
  type Instant,
  type LineDocument,
  type LineRef,
  derivedId,
  formatInstant,
  topics,
} from "@crossline/contracts";
import type { Counts } from "../src/rules/case-state.ts";
import {
  type AuditedCase,
  type AuditedLine,
  type Firing,
  type AuditedEvent,
  type FiringVerdict,
  addToTail,
  applyTimerOrder,
  compare,
  findMissed,
  openCase,
  readLine,
} from "../src/rules/index.ts";
import { type Runs, addToRuns, totalOf } from "../src/rules/runs.ts";

/** The start of every history: Thursday, 5 March 2026, 10:00 in Toronto. */
const start: Instant = Date.UTC(2026, 2, 5, 15);
const minute = 60_000;
const caseId = "cs_00000000000000000000000001";
const lineRef = (name: string): LineRef => ({ carrier: "northtel", name, version: 1 });

const office: CalendarDocument = {
  calendar: "office",
  zone: "America/Toronto",
  week: Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, ["09:00-17:00"]])),
};
const pinned = { office: { ref: { party: "northtel", name: "office", version: 1 }, document: office } };

/** Returns a line. By default the line observes, so that it has no implied clocks. */
export function lineWith(differing: Partial<LineDocument>): LineDocument {
  return { line: "one", mode: "observe", calendar: "24x7", clocks: [], crossing: [], lastResort: [], ...differing };
}

/**
 * One event of a history. The default actor is a person of the carrier. `knew` is the number of records of each topic that are causes
 * of the event. By default, all earlier records are causes.
 */
export type HistoryRow = readonly [minutes: number, type: EventType, data?: Record<string, unknown>, knew?: Counts];

function causesOf(counts: Counts) {
  return (["case", "handoff"] as const).map((noun) => ({ topic: topics[noun], key: caseId, sequence: counts[noun] }));
}

const rep = { party: "northtel", person: "rep-1", automated: false };
const opening = { carrier: "northtel", severity: "minor", channel: "mail", status: "acknowledged" };

/** Plays a history in which the timer has published no clock event. */
export function createHistory(
  documents: readonly LineDocument[],
  events: readonly HistoryRow[],
  timeline = "stp_0000000000000000000000000a",
) {
  const lines = new Map<string, AuditedLine>(documents.map((each) => [each.line, readLine(each, pinned)]));
  const lineOf = ({ name }: LineRef): AuditedLine => {
    const line = lines.get(name);
    if (line === undefined) throw new Error(`the history has no line ${name}`);
    return line;
  };
  const sequences = { case: 0, handoff: 0 };
  const read = (minutes: number, type: EventType, data: Record<string, unknown>): AuditedEvent => {
    const noun = /^(?:handoff|line|last-resort|joint|roster|pool)\./.test(type) ? "handoff" : "case";
    const after = causesOf(sequences);
    const sequence = ++sequences[noun];
    const time = start + minutes * minute;
    const all = { actor: rep, ...data };
    return {
      topic: topics[noun],
      key: caseId,
      sequence,
      type,
      time,
      timeline,
      after,
      data: all,
    } as unknown as AuditedEvent;
  };
  const [first] = documents;
  if (first === undefined) throw new Error("a history needs a line");
  const [opened, ...rest] = events[0]?.[1] === "case.opened" ? events : [[0, "case.opened"] as HistoryRow, ...events];
  const begun = read(0, "case.opened", { ...opening, line: lineRef(first.line), ...opened?.[2] });
  const state = openCase(begun as AuditedEvent & { type: "case.opened" }, lineOf(lineRef(first.line)));
  const append = ([minutes, type, data = {}, knew]: HistoryRow): void => {
    const event = read(minutes, type, data);
    const after = knew === undefined ? event.after : causesOf(knew);
    addToTail(state, { ...event, ...(after !== undefined && { after }) }, start, lineOf);
  };
  for (const each of rest) append(each);
  return { state, lineOf, append };
}

/** Returns the firings of these kinds that are missed after the given minutes, as `clock threshold@minutes incarnation`. */
export function missedFirings(
  { state, lineOf }: Pick<ReturnType<typeof createHistory>, "state" | "lineOf">,
  minutes: number,
  ...named: string[]
): string[] {
  return findMissed(state, lineOf, start + minutes * minute)
    .missed.filter(({ kind }) => named.includes(kind))
    .toSorted((one, other) => one.due - other.due || one.threshold - other.threshold)
    .map((one) => `${one.clock} ${one.threshold}@${(one.due - start) / minute} ${one.incarnation}`);
}

/** Returns the read order of all records that no clock event has reported. */
function asRead({ ahead, tail }: AuditedCase): Runs {
  return tail.reduce((runs, { noun }) => addToRuns(runs, noun), ahead);
}

type FiringFields = Pick<Firing["data"], "clock" | "kind" | "incarnation"> & {
  readonly threshold?: number;
  /** The sequence of the firing's record on the clock topic. */
  readonly sequence?: number;
  /** The number of records that the timer reports as read. By default, the timer reports the number of records in `order`. */
  readonly read?: Counts;
};

/**
 * Audits one firing of a clock, and returns the verdict. `order` contains the records that the timer had applied since the last firing.
 * By default, `order` contains all records in the read order.
 */
export function fire(
  { state, lineOf }: { readonly state: AuditedCase; readonly lineOf: (ref: LineRef) => AuditedLine },
  minutes: number,
  { threshold = 100, sequence = 1, read, ...of }: FiringFields,
  order: ApplicationOrder | "none" = [...asRead(state)],
): FiringVerdict["is"] {
  const dueAt = formatInstant(start + minutes * minute);
  const firingId = derivedId("fir", caseId, of.clock, of.incarnation, threshold);
  const told = { ...of, threshold, firingId, charged: "northtel", startedAt: dueAt, dueAt, firedAt: dueAt };
  const total = order === "cut" || order === "none" ? { case: 0, handoff: 0 } : totalOf(order);
  const { told: by } = state;
  const after = causesOf(read ?? { case: by.case + total.case, handoff: by.handoff + total.handoff });
  const event = {
    topic: topics.clock,
    key: caseId,
    sequence,
    type: "clock.breached",
    time: start,
    after,
    data: { ...told, ...(order !== "none" && { order }) },
  };
  const firing = { ...event, timeline: state.timeline } as unknown as Firing;
  return compare(state, firing, applyTimerOrder(state, firing, lineOf), { lineOf, lateMs: 1_000 }).is;
}

export const movedTo = (name: string): Record<string, unknown> => ({ line: lineRef(name) });

const engineer = { party: "orchard", automated: false };
export const joined = { incidentId: "ic_1", leadCaseId: "cs_2", holder: "orchard", reason: "alike" };
export const program = { party: "northtel", automated: true };
export const answer = "case.contacted";
export const outbound = { channel: "mail", direction: "outbound", content: "answer" };
export const inbound = { channel: "mail", direction: "inbound", content: "inquiry" };
export const handoff = { handoffId: "ho_1", vendor: "orchard", queue: "orchard.desk", actor: engineer };
export const offered: HistoryRow = [
  0,
  "handoff.offered",
  { ...handoff, actor: program, step: 0, attempt: 0, reason: "clock" },
];
export const pending = { from: "inProgress", to: "pending" };
export const page = { roster: "orchard.duty", reason: "step", acceptWithin: "PT5M", actor: program };
export const iso = (minutes: number): string => formatInstant(start + minutes * minute);

type Kind = LineDocument["clocks"][number]["kind"];
export type Row = readonly [
  name: string,
  line: Partial<LineDocument>,
  events: readonly HistoryRow[],
  owed: readonly string[],
];

/** Creates a test for each row, which checks the firings of this kind that are missed within a day. */
export function testMissed(kind: Kind, all: readonly Row[]): void {
  test.each(all)(`${kind}: %s`, (_, line, events, expected) => {
    expect(missedFirings(createHistory([lineWith(line)], events), 1_440, kind)).toEqual(expected);
  });
}

/** Returns a line with one clock. */
export function clock(
  kind: Kind,
  target: string,
  more: Partial<LineDocument["clocks"][number]> = {},
): Partial<LineDocument> {
  return { clocks: [{ kind, target, warnAt: [], ...more }] };
}
