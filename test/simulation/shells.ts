import { type ClockEvent, type HandoffEvent, topics } from "@crossline/contracts";
import type { CaseClocks, CaseCrossing, CaseInput, CaseState, ClockInput, CrossingInput } from "@crossline/domain";
import type { FetchedRecord } from "./broker.ts";
import { depsUnder } from "./duty.ts";
import { lineOf } from "./lines.ts";
import type { Rules } from "./rules.ts";
import { save } from "./service.ts";
import type { Tx } from "./store.ts";
import type { Shell } from "./service-deps.ts";

/** One decision of the timer, with the data that the checks of a single decision need. */
export type ClockDecision = {
  readonly before: CaseClocks;
  readonly event: ClockInput;
  readonly after: CaseClocks;
  readonly messages: readonly ClockEvent[];
};
export type DecisionListener = (decision: ClockDecision) => void;
/** Receives the firings of the due scanner. */
export type FiringListener = (before: CaseClocks, after: CaseClocks, messages: readonly ClockEvent[]) => void;

/** Receives the decisions of routing. */
export type ReactionListener = (
  before: CaseCrossing,
  event: CrossingInput,
  after: CaseCrossing,
  messages: readonly HandoffEvent[],
) => void;
/** Receives each event just before intake applies it. */
export type IntakeListener = (before: CaseState, event: CaseInput) => void;

/** Returns intake's shell, which applies the events of routing and timer. */
export function intakeShell(rules: Rules, onRead: IntakeListener): Shell<CaseState> {
  return {
    name: "intake",
    reads: [topics.handoff, topics.clock, topics.line],
    apply(tx, record, now) {
      if (record.topic === topics.line) return;
      const event = record as unknown as CaseInput;
      const before = caseOf(tx, record).state;
      onRead(before, event);
      const { state, messages } = rules.applyToCase(before, event, now);
      save(tx, record.key, { state, messages });
    },
  };
}

/** Returns the timer's shell, which contains the consumer and the due scanner. */
export function timerShell(rules: Rules, onDecided: DecisionListener, onFired: FiringListener): Shell<CaseClocks> {
  return {
    name: "timer",
    reads: [topics.case, topics.handoff, topics.line],
    apply(tx, record, now) {
      if (record.topic === topics.line) return;
      const event = record as unknown as ClockInput;
      const row = tx.cases.get(record.key);
      const line = lineOf(event.type === "case.opened" ? event.data.line : caseOf(tx, record).state.line);
      const { state, messages } = rules.decide(row?.state, event, line, now);
      if (row !== undefined) onDecided({ before: row.state, event, after: state, messages });
      const due = rules.earliestDue(state, line);
      // As in the timer, the consumer stores only an earlier due instant, and the scanner stores a later one.
      const stored = row?.dueAt;
      const isEarlier = stored === undefined || (due !== undefined && due < stored);
      save(tx, record.key, { state, messages }, isEarlier ? due : stored);
    },
    fire(tx, partition, now) {
      for (const [caseId, row] of tx.cases) {
        if (row.partition !== partition || row.dueAt === undefined || row.dueAt >= now) continue;
        const line = lineOf(row.state.line);
        const { state, messages } = rules.elapse(row.state, line, now, now);
        onFired(row.state, state, messages);
        save(tx, caseId, { state, messages }, rules.earliestDue(state, line));
      }
    },
  };
}

/** Returns routing's shell. The shell skips warnings, because they change no hand-off. */
export function routingShell(rules: Rules, onReacted: ReactionListener): Shell<CaseCrossing> {
  return {
    name: "routing",
    reads: [topics.case, topics.clock],
    apply(tx, record, now) {
      if (record.type === "clock.warned") return;
      const event = record as unknown as CrossingInput;
      const row = tx.cases.get(record.key);
      const line = lineOf(event.type === "case.opened" ? event.data.line : caseOf(tx, record).state.line);
      const { state, messages } = rules.react(row?.state, event, depsUnder(line), now);
      const events = messages as readonly HandoffEvent[];
      if (row !== undefined) onReacted(row.state, event, state, events);
      save(tx, record.key, { state, messages: events });
    },
  };
}

function caseOf<State>(tx: Tx<State>, { key, type }: FetchedRecord): { readonly state: State } {
  const row = tx.cases.get(key);
  if (row === undefined) throw new Error(`the service has no case for ${type}`);
  return row;
}
