import { type ClockEvent, type HandoffEvent, topics } from "@crossline/contracts";
import type { CaseClocks, CaseCrossing, CaseInput, CaseState, ClockInput, CrossingInput } from "@crossline/domain";
import type { FetchedRecord } from "./broker.ts";
import { depsUnder } from "./duty.ts";
import { lineOf } from "./lines.ts";
import type { Rules } from "./rules.ts";
import { save } from "./service.ts";
import type { Tx } from "./store.ts";
import type { Shell } from "./service-deps.ts";

/** What the timer decided on one event, for the properties that are about a single decision. */
export type ClockDecision = {
  readonly before: CaseClocks;
  readonly event: ClockInput;
  readonly after: CaseClocks;
  readonly messages: readonly ClockEvent[];
};
export type DecisionListener = (decided: ClockDecision) => void;
/** What the scanner fired by itself. */
export type FiringListener = (before: CaseClocks, after: CaseClocks, messages: readonly ClockEvent[]) => void;

/** What routing decided on one event. */
export type ReactionListener = (
  before: CaseCrossing,
  event: CrossingInput,
  after: CaseCrossing,
  messages: readonly HandoffEvent[],
) => void;
/** What intake is about to hear of a case. */
export type IntakeListener = (before: CaseState, event: CaseInput) => void;

/** Intake: what routing and timer say of its cases. */
export function intakeShell(rules: Rules, onHeard: IntakeListener): Shell<CaseState> {
  return {
    name: "intake",
    reads: [topics.handoff, topics.clock, topics.line],
    apply(tx, record, now) {
      if (record.topic === topics.line) return;
      const event = record as unknown as CaseInput;
      const before = caseOf(tx, record).state;
      onHeard(before, event);
      const { state, messages } = rules.applyToCase(before, event, now);
      save(tx, record.key, { state, messages });
    },
  };
}

/** Timer: clocks, as far as its consumer and its scanner decide on them. */
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
      // As in the timer: the stored instant only moves to an earlier one here; the scanner puts it off.
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

/** Routing: who has a case. A warning and a row of a history move no hand-off, and are read past. */
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
      const told = messages as readonly HandoffEvent[];
      if (row !== undefined) onReacted(row.state, event, state, told);
      save(tx, record.key, { state, messages: told });
    },
  };
}

function caseOf<State>(tx: Tx<State>, { key, type }: FetchedRecord): { readonly state: State } {
  const row = tx.cases.get(key);
  if (row === undefined) throw new Error(`${type} is about a case that is not here`);
  return row;
}
