import type { CaseStatus, Channel, Instant, Severity } from "@crossline/contracts";
import {
  type CaseClocks,
  type EndedClock,
  type Handling,
  type Line,
  formatStart,
  heartbeatGraceMs,
  parseStart,
} from "@crossline/domain";
import { type StoredClock, type StoredEndedClock, cut, decodeClock, encodeClock, encodeEnded } from "./stored-clock.ts";

/**
 * The stored clocks of a case, as a list. The list omits every value that the timer can take from the line or the carrier of
 * the case. Instants are milliseconds from the last event. The list also omits zeros and empty lists at its end. A case with a
 * live handling and three clocks takes 112 bytes, compared with 440 bytes as JSON with names.
 */
export type StoredState = readonly [
  severity: string,
  status: string,
  sequence: number,
  readCase: number,
  readHandoff?: number,
  clocks?: readonly StoredClock[],
  handlings?: readonly StoredHandling[],
  /** 0: the carrier. */
  holder?: string | 0,
  crossed?: 0 | 1,
  ended?: readonly StoredEndedClock[],
  trace?: string | 0,
  more?: StoredFacts | 0,
  order?: StoredOrder | 0,
];

/**
 * The order of the records since the last clock event. The value 1 means that the timer has applied no record since the last
 * clock event. Before the first clock event and the first hand-off record, the list omits the order, because all records then
 * form one run.
 */
type StoredOrder = number[] | "cut" | 1;

/** The fields of a state that the list or the other columns of the row contain. */
type ListedField = keyof StateFrame | keyof ListedState;
type ListedState = Pick<
  CaseClocks,
  "severity" | "status" | "holder" | "crossed" | "sequence" | "read" | "applied" | "handlings" | "clocks" | "ended"
>;

/**
 * Every other field, so that the timer also stores a field that is added to the state. Few cases have these values, and the timer rarely
 * reads them, so instants are milliseconds since 1970. The clocks of the answers have the form of other clocks.
 */
type StoredFacts = Omit<CaseClocks, ListedField | "answers"> & { readonly answers?: readonly StoredAnswer[] };
type StoredAnswer = readonly [messageId: string, start: string, clocks: readonly StoredClock[]];

/**
 * A live handling. The handling stops counting three minutes after `beatAt`. If the last event was a heartbeat, `beatAt` is 0, and
 * the list omits the 0.
 */
type StoredHandling = readonly [id: string, channel: Channel, beatAt?: number, party?: string | 0, silent?: 1];

/** The columns that `decodeState` needs in addition to the stored state. */
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

/** Returns the state as JSON text without a newline character. */
export function encodeState(state: CaseClocks, line: Line, lastEventAt: Instant, trace?: string): string {
  return JSON.stringify(toStored(state, line, lastEventAt, trace));
}

/**
 * Returns the state as the list that the timer stores. The list includes the trace, because a separate column would cost 8
 * bytes even for null.
 */
export function toStored(state: CaseClocks, line: Line, lastEventAt: Instant, trace?: string): StoredState {
  const { severity, status, sequence, read, clocks, handlings, holder, carrier, crossed, ended } = state;
  const stored: StoredState = [
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
    encodeFacts(state, line, lastEventAt),
    encodeOrder(state),
  ];
  return cut(stored);
}

/** Decodes a stored state. The line must be the line with which the state was encoded. */
export function decodeState(frame: StateFrame, stored: StoredState, line: Line): CaseClocks {
  const { caseId, timeline, carrier, line: ref, lastEventAt } = frame;
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
    handlings: handlings.map((handling) => decodeHandling(handling, holder, lastEventAt)),
    clocks: clocks.map((clock) => decodeClock(clock, facts, line, lastEventAt)),
    ended: (stored[9] ?? []).map(([clock, endedAt, overtaken]): EndedClock => ({
      ...decodeClock(clock, facts, line, lastEventAt),
      endedAt: lastEventAt + endedAt,
      overtaken: overtaken === 1,
    })),
    ...(stored[11] === 0 || stored[11] === undefined ? undefined : decodeFacts(stored[11], facts, line, lastEventAt)),
    ...decodeOrder(stored[12], readCase),
  };
}

function encodeOrder({ applied, sequence, read }: CaseClocks): StoredOrder | 0 {
  if (applied === undefined) return 1;
  const isPlain = applied.length === 1 && applied[0] === read.case && sequence === 0 && read.handoff === 0;
  return isPlain ? 0 : applied;
}

function decodeOrder(stored: StoredOrder | 0 | undefined, readCase: number): Pick<CaseClocks, "applied"> {
  if (stored === 1) return {};
  return { applied: stored === undefined || stored === 0 ? [readCase] : stored };
}

function encodeFacts(state: CaseClocks, line: Line, base: Instant): StoredFacts | 0 {
  const { caseId: _, timeline: _1, carrier: _2, line: _3, severity: _4, status: _5, holder: _6, ...most } = state;
  const { crossed: _7, sequence: _8, read: _9, applied: _10, handlings: _11, clocks: _12, ended: _13, ...rest } = most;
  const { answers, ...facts } = rest;
  if (answers === undefined) return Object.values(facts).every((value) => value === undefined) ? 0 : facts;
  const encoded = answers.map(({ messageId, start, clocks }): StoredAnswer => [
    messageId,
    formatStart(start),
    clocks.map((clock) => encodeClock(clock, state, line, base)),
  ]);
  return { ...facts, answers: encoded };
}

function decodeFacts(
  { answers, ...facts }: StoredFacts,
  given: Pick<CaseClocks, "severity" | "holder">,
  line: Line,
  base: Instant,
): Omit<CaseClocks, ListedField> {
  if (answers === undefined) return facts;
  const decoded = answers.map(([messageId, start, clocks]) => ({
    messageId,
    start: parseStart(start),
    clocks: clocks.map((clock) => decodeClock(clock, given, line, base)),
  }));
  return { ...facts, answers: decoded };
}

/** Returns the trace in a stored state. */
export function traceOf(stored: StoredState): string | undefined {
  return stored[10] === 0 ? undefined : stored[10];
}

function encodeHandling(handling: Handling, holder: string, base: Instant): StoredHandling {
  const { id, party, channel, liveUntil, silent } = handling;
  return cut([
    id,
    channel,
    liveUntil - heartbeatGraceMs - base,
    party === holder ? 0 : party,
    silent === true ? 1 : 0,
  ]) as StoredHandling;
}

function decodeHandling(
  [id, channel, beatAt = 0, party = 0, silent]: StoredHandling,
  holder: string,
  base: Instant,
): Handling {
  const liveUntil = base + beatAt + heartbeatGraceMs;
  return { id, party: party === 0 ? holder : party, channel, liveUntil, ...(silent === 1 && { silent: true }) };
}

function reversed<Name extends string>(letters: Readonly<Record<Name, string>>): (letter: string) => Name {
  const names = new Map(Object.entries<string>(letters).map(([name, letter]) => [letter, name as Name]));
  return (letter) => {
    const name = names.get(letter);
    if (name === undefined) throw new Error(`unknown letter in a stored state: ${letter}`);
    return name;
  };
}
