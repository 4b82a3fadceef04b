import type { CaseStatus, Channel, DurationMs, Instant, Severity } from "@crossline/contracts";
import type { CaseClocks, Clock, EndedClock, Handling, Line } from "@crossline/domain";
import { type ObjectState, decodeObject } from "./object-state.ts";

/**
 * The clocks of a case as they lie in the table: a list, with what follows from the case's line, its carrier and the time
 * of its last event left out. Instants are milliseconds from that time, zeros and empty lists at an end are cut off. A
 * tenth of the state as it is: 112 bytes instead of 440 for a case with a live handling and three clocks.
 */
export type StoredState = ListState | ObjectState;

type ListState = readonly [
  severity: string,
  status: string,
  sequence: number,
  readCase: number,
  readHandoff?: number,
  clocks?: readonly StoredClock[],
  handlings?: readonly StoredHandling[],
  /** 0: the carrier's. */
  holder?: string | 0,
  crossed?: 0 | 1,
  ended?: readonly StoredEnded[],
  trace?: string | 0,
  more?: StoredFacts | 0,
];

/** What few cases have. Instants are as they are: few, and seldom read. */
type StoredFacts = Pick<CaseClocks, "answered" | "waiting" | "handoff" | "needBy">;

type StoredClock = readonly [
  rule: StoredRule,
  /** A number is that of an event of the case topic. */
  incarnation: number | string,
  startedAt?: number,
  /** From, to, from, to; without a last `to` it is still being counted. */
  counted?: readonly number[],
  /** When a threshold was due, and how much later it fired; again and again. */
  fired?: readonly number[],
  /** 0: the holder. */
  charged?: string | 0,
  notBefore?: number,
  ownTarget?: 0 | 1,
];

/** The rule's place in the line, with the target where it is another than the severity's; written out where the line has no such rule. */
type StoredRule = number | readonly [place: number, targetMs: number] | WrittenRule;
type WrittenRule = readonly [name: string, kind: Clock["kind"], targetMs: number, thresholds: readonly number[]];
type StoredEnded = readonly [clock: StoredClock, endedAt: number, overtaken?: 1];
type StoredHandling = readonly [id: string, channel: Channel, lastBeatAt: number, party?: string];

/** What lies beside the stored state, and what it is read and written by. */
export type StateFrame = Pick<CaseClocks, "caseId" | "timeline" | "carrier" | "line"> & {
  readonly lastEventAt: Instant;
};

const severities: Readonly<Record<Severity, string>> = { critical: "c", major: "j", minor: "n" };
const statuses: Readonly<Record<CaseStatus, string>> = {
  acknowledged: "a",
  inProgress: "i",
  pending: "p",
  held: "h",
  resolved: "r",
  reopened: "o",
  closed: "c",
  rejected: "j",
  cancelled: "x",
  assessingCancellation: "q",
};
const severityOf = reversed(severities);
const statusOf = reversed(statuses);

/** As JSON, on one line. The trace is not of the clocks' state, but lies with it: a column would cost 8 bytes where it is null. */
export function encodeState(state: CaseClocks, line: Line, lastEventAt: Instant, trace?: string): string {
  const { severity, status, sequence, read, clocks, handlings, holder, carrier, crossed, ended } = state;
  const stored: ListState = [
    severities[severity],
    statuses[status],
    sequence,
    read.case,
    read.handoff,
    clocks.map((clock) => encodeClock(clock, state, line, lastEventAt)),
    handlings.map((handling) => encodeHandling(handling, holder, lastEventAt)),
    holder === carrier ? 0 : holder,
    crossed ? 1 : 0,
    ended.map((clock) => encodeEnded(clock, state, line, lastEventAt)),
    trace ?? 0,
    encodeFacts(state),
  ];
  return JSON.stringify(cut(stored));
}

/** What was encoded, by this version or by those before it. */
export function decodeState(frame: StateFrame, stored: StoredState, line: Line): CaseClocks {
  const { caseId, timeline, carrier, line: ref, lastEventAt } = frame;
  if (!isList(stored)) return { caseId, timeline, carrier, line: ref, ...decodeObject(stored) };
  const [severity, status, sequence, readCase, readHandoff = 0, clocks = [], handlings = []] = stored;
  const holder = stored[7] === 0 || stored[7] === undefined ? carrier : stored[7];
  const facts = { severity: severityOf(severity), holder };
  return {
    caseId,
    timeline,
    carrier,
    line: ref,
    severity: facts.severity,
    status: statusOf(status),
    holder,
    crossed: stored[8] === 1,
    sequence,
    read: { case: readCase, handoff: readHandoff },
    handlings: handlings.map(([id, channel, beat, party = holder]) => ({
      id,
      party,
      channel,
      lastBeatAt: lastEventAt + beat,
    })),
    clocks: clocks.map((clock) => decodeClock(clock, facts, line, lastEventAt)),
    ended: (stored[9] ?? []).map(([clock, endedAt, overtaken]): EndedClock => ({
      ...decodeClock(clock, facts, line, lastEventAt),
      endedAt: lastEventAt + endedAt,
      overtaken: overtaken === 1,
    })),
    ...(stored[11] === 0 ? undefined : stored[11]),
  };
}

function encodeFacts({ answered, waiting, handoff, needBy }: CaseClocks): StoredFacts | 0 {
  if (answered === undefined && waiting === undefined && handoff === undefined && needBy === undefined) return 0;
  return {
    ...(answered !== undefined && { answered }),
    ...(waiting !== undefined && { waiting }),
    ...(handoff !== undefined && { handoff }),
    ...(needBy !== undefined && { needBy }),
  };
}

/** The trace that was stored with the state. */
export function traceOf(stored: StoredState): string | undefined {
  if (!isList(stored)) return stored.trace;
  return stored[10] === 0 ? undefined : stored[10];
}

function encodeClock(
  clock: Clock,
  facts: Pick<CaseClocks, "severity" | "holder">,
  line: Line,
  base: Instant,
): StoredClock {
  const { incarnation, startedAt, charged, notBefore, ownTarget = false } = clock;
  const counted: number[] = [];
  for (const { from, to } of clock.counted) {
    counted.push(from - base);
    if (to !== undefined) counted.push(to - base);
  }
  const fired = clock.fired.flatMap(({ dueAt, firedAt }) => [dueAt - base, firedAt - dueAt]);
  return cut([
    encodeRule(clock, facts.severity, line),
    encodeIncarnation(incarnation),
    startedAt - base,
    counted,
    fired,
    charged === facts.holder ? 0 : charged,
    notBefore === undefined ? 0 : notBefore - base - 1, // Never 0, which is cut off: it is no later than the last event.
    ownTarget ? 1 : 0,
  ]);
}

function encodeIncarnation(incarnation: string): number | string {
  if (!incarnation.startsWith("case/")) return incarnation;
  const number = Number(incarnation.slice(5));
  return number > 0 && `case/${number}` === incarnation ? number : incarnation;
}

function encodeRule({ name, kind, targetMs, thresholds }: Clock, severity: Severity, line: Line): StoredRule {
  const place = line.clocks.findIndex((rule) => rule.name === name);
  const rule = line.clocks[place];
  if (rule === undefined || rule.kind !== kind || !areSame(rule.thresholds, thresholds))
    return [name, kind, targetMs, thresholds];
  return rule.target[severity] === targetMs ? place : [place, targetMs];
}

function decodeRule(
  stored: StoredRule,
  severity: Severity,
  line: Line,
): Pick<Clock, "name" | "kind" | "targetMs" | "thresholds"> {
  const [place, targetMs] = typeof stored === "number" ? [stored] : stored;
  if (typeof place === "string") {
    const [name, kind, written, thresholds] = stored as WrittenRule;
    return { name, kind, targetMs: written, thresholds };
  }
  const rule = line.clocks[place];
  if (rule === undefined) throw new Error(`the line has no clock ${place}`);
  const { name, kind, target, thresholds } = rule;
  return { name, kind, targetMs: (targetMs as DurationMs | undefined) ?? target[severity], thresholds };
}

function decodeClock(
  stored: StoredClock,
  facts: Pick<CaseClocks, "severity" | "holder">,
  line: Line,
  base: Instant,
): Clock {
  const [storedRule, incarnation, startedAt = 0, flatCounted = [], flatFired = [], charged = 0] = stored;
  const [notBefore = 0, ownTarget = 0] = [stored[6], stored[7]];
  const rule = decodeRule(storedRule, facts.severity, line);
  const counted: Clock["counted"][number][] = [];
  for (let index = 0; index < flatCounted.length; index += 2) {
    const [from = 0, to] = [flatCounted[index], flatCounted[index + 1]];
    counted.push(to === undefined ? { from: base + from } : { from: base + from, to: base + to });
  }
  const fired: Clock["fired"][number][] = [];
  for (let index = 0; index < flatFired.length; index += 2) {
    const dueAt = base + (flatFired[index] ?? 0);
    fired.push({ dueAt, firedAt: dueAt + (flatFired[index + 1] ?? 0) });
  }
  return {
    name: rule.name,
    kind: rule.kind,
    incarnation: typeof incarnation === "number" ? `case/${incarnation}` : incarnation,
    charged: charged === 0 ? facts.holder : charged,
    startedAt: base + startedAt,
    targetMs: rule.targetMs,
    thresholds: rule.thresholds,
    counted,
    fired,
    ...(notBefore !== 0 && { notBefore: base + notBefore + 1 }),
    ...(ownTarget === 1 && { ownTarget: true as const }),
  };
}

function encodeEnded(clock: EndedClock, facts: CaseClocks, line: Line, base: Instant): StoredEnded {
  const stored = encodeClock(clock, facts, line, base);
  return clock.overtaken ? [stored, clock.endedAt - base, 1] : [stored, clock.endedAt - base];
}

function encodeHandling({ id, party, channel, lastBeatAt }: Handling, holder: string, base: Instant): StoredHandling {
  return party === holder ? [id, channel, lastBeatAt - base] : [id, channel, lastBeatAt - base, party];
}

/** Without the zeros and empty lists at its end, which decoding puts back. */
function cut<List extends readonly unknown[]>(list: List): List {
  let length = list.length;
  for (; length > 0; length--) {
    const last = list[length - 1];
    if (last !== 0 && !(Array.isArray(last) && last.length === 0)) break;
  }
  return length === list.length ? list : (list.slice(0, length) as unknown as List);
}

function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
}

function isList(stored: StoredState): stored is ListState {
  return Array.isArray(stored);
}

function reversed<Name extends string>(letters: Readonly<Record<Name, string>>): (letter: string) => Name {
  const names = new Map(Object.entries<string>(letters).map(([name, letter]) => [letter, name as Name]));
  return (letter) => {
    const name = names.get(letter);
    if (name === undefined) throw new Error(`no word is stored as ${letter}`);
    return name;
  };
}
