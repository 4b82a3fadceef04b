import {
  type CaseEvent,
  type ClockEvent,
  type HandoffEvent,
  type LineRef,
  parseInstant,
  topics,
} from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import type { ClockInput } from "../clock/change.ts";
import { decide, decideMove } from "../clock/decide.ts";
import { elapse } from "../clock/elapse.ts";
import type { Line } from "../line/line.ts";
import { nextReading, openReading } from "../reading/case-reading.ts";
import { onlyReaderOf } from "../reading/hidden.ts";
import type { BoardCase } from "./board-state.ts";
import { afterHandoffEvent, withoutHandoff, withoutPool, withoutResort } from "./board-handoff.ts";

/** The case after a record. `isReordered` is true if the timer applied the records in another order: the clocks are then wrong. */
export type BoardDecision = { readonly state: BoardCase; readonly isReordered: boolean };

const unconfirmedMax = 500;

/**
 * Returns the case after one record of the case, hand-off or clock topic. `lineOf` returns a published line. Before the opening, the
 * function returns undefined, because another record cannot begin a case. If the result is reordered, the caller replaces the clocks
 * by those of `clockHistory`.
 */
export function nextBoardCase(
  before: BoardCase | undefined,
  event: ClockInput | ClockEvent,
  lineOf: (ref: LineRef) => Line,
): BoardDecision | undefined {
  if (event.topic === topics.clock) return before && confirmOrder(before, event as ClockEvent, lineOf);
  const record = event as ClockInput;
  if (before === undefined) {
    if (record.type !== "case.opened") return undefined;
    return { state: openBoardCase(record, lineOf), isReordered: false };
  }
  const from = lineOf(before.line);
  const to = record.type === "case.moved" ? lineOf(record.data.line) : from;
  const clocks = decideMove(before.clocks, record, { from, to }, record.time).state;
  const known = {
    ...before,
    clocks,
    status: clocks.status,
    severity: clocks.severity,
    line: clocks.line,
    reading: nextReading(before.reading, record),
    lastEventAt: Math.max(before.lastEventAt, record.time),
    unconfirmed: `${before.unconfirmed}${record.topic === topics.case ? "c" : "h"}`.slice(-unconfirmedMax),
  };
  const state =
    record.topic === topics.case
      ? afterCaseEvent(known, record as CaseEvent)
      : afterHandoffEvent(known, record as HandoffEvent);
  return { state: isEnded(state.status) ? withoutWork(state) : state, isReordered: false };
}

function openBoardCase(event: Extract<ClockInput, { type: "case.opened" }>, lineOf: (ref: LineRef) => Line): BoardCase {
  const { key: caseId, timeline, time, sequence, data } = event;
  const { carrier, carrierCaseId, kind, device, symptom, canary } = data;
  const { state: clocks } = decide(undefined, event, lineOf(data.line), time);
  return {
    caseId,
    timeline,
    carrier,
    carrierCaseId,
    kind,
    severity: data.severity,
    status: data.status,
    line: data.line,
    openedAt: time,
    titledBy: sequence,
    lastEventAt: time,
    ...(device !== undefined && { device }),
    ...(symptom !== undefined && { symptom }),
    ...(canary !== undefined && { isCanary: true as const }),
    handlings: [],
    reading: openReading(carrier),
    clocks,
    internal: {},
    unconfirmed: "c",
  };
}

function afterCaseEvent(state: BoardCase, event: CaseEvent): BoardCase {
  const { time, sequence } = event;
  switch (event.type) {
    case "handling.started": {
      const { handlingId: id, channel, actor } = event.data;
      const { party, person } = actor;
      const handling = { id, party, channel, since: time, ...(person !== undefined && { person }) };
      return { ...state, handlings: [...state.handlings.filter((one) => one.id !== id), handling] };
    }
    case "handling.ended":
      return { ...state, handlings: state.handlings.filter(({ id }) => id !== event.data.handlingId) };
    case "entry.added":
    case "incident.joined":
    case "incident.held":
    case "incident.left": {
      const only = onlyReaderOf(event);
      if (only === undefined) return state;
      return { ...state, internal: { ...state.internal, [only]: (state.internal[only] ?? 0) + 1 } };
    }
    case "case.corrected": {
      const { title, device, symptom } = event.data;
      return {
        ...state,
        ...(title !== undefined && { titledBy: sequence }),
        ...(device !== undefined && { device }),
        ...(symptom !== undefined && { symptom }),
      };
    }
    case "case.merged": {
      const { device, symptom } = event.data;
      return {
        ...state,
        ...(state.device === undefined && device !== undefined && { device }),
        ...(state.symptom === undefined && symptom !== undefined && { symptom }),
      };
    }
    default:
      return state;
  }
}

/** An ended case has no live handling, hand-off, pool or call of the last resort. */
function withoutWork(state: BoardCase): BoardCase {
  return { ...withoutPool(withoutResort(withoutHandoff(state))), handlings: [] };
}

/**
 * Applies a clock event. The event confirms the order of the records that the timer had applied. The clocks are reordered if this
 * service applied these records in another order, or applied further records before it read the event.
 */
function confirmOrder(state: BoardCase, event: ClockEvent, lineOf: (ref: LineRef) => Line): BoardDecision {
  const {
    order = [],
    dueAt,
    silentSince,
  } = event.data as {
    readonly order?: "cut" | readonly number[];
    readonly dueAt?: string;
    readonly silentSince?: string;
  };
  const applied =
    order === "cut" ? undefined : order.map((run, index) => (index % 2 === 0 ? "c" : "h").repeat(run)).join("");
  const isPrefix = applied !== undefined && state.unconfirmed.startsWith(applied);
  const unconfirmed = isPrefix ? state.unconfirmed.slice(applied.length) : "";
  const isFired = event.type === "clock.warned" || event.type === "clock.breached" || event.type === "handling.silent";
  const due = isFired ? (dueAt ?? silentSince) : undefined;
  const clocks =
    due === undefined
      ? state.clocks
      : elapse(state.clocks, lineOf(state.line), parseInstant(due) + 1, event.time).state;
  const isReordered = !isPrefix || (unconfirmed !== "" && isFired);
  return {
    state: { ...state, clocks, unconfirmed, lastEventAt: Math.max(state.lastEventAt, event.time) },
    isReordered,
  };
}
