import { type ClockEvent, type Instant, type LineRef, isFiring, parseInstant, topics } from "@crossline/contracts";
import type { Line } from "../line/line.ts";
import type { ClockInput } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { decide, decideMove } from "./decide.ts";
import { elapse } from "./elapse.ts";
import { type ClockExplanation, explain } from "./explain.ts";
import { formatStart } from "./start.ts";

/** A record of the case, hand-off or clock topic of one case. */
export type ClockFact = ClockInput | ClockEvent;

/** The record that started or ended a clock. A breach ends a recurring clock, and starts its next incarnation. */
type ClockCause = { readonly type: string; readonly topic: string; readonly sequence: number };

/** One incarnation of a clock, from its start to its end. */
type ClockLife = ClockExplanation & {
  readonly startedBy: ClockCause;
  readonly endedBy?: ClockCause;
  /** True if no clock event has confirmed the order of the records that decided the start or the end. */
  readonly provisional: boolean;
};

/** The recomputed clocks of a case: its state, the lives of all its clocks, and the firings. */
export type ClockHistory = {
  readonly state: CaseClocks;
  readonly lives: readonly ClockLife[];
  readonly firings: readonly ClockEvent[];
};

/** A life before the explanation of its clock. */
type OpenLife = {
  clock: Clock;
  line: Line;
  startedBy: ClockCause;
  endedBy?: ClockCause;
  endedAt?: Instant;
  provisional: boolean;
};

/**
 * Recomputes every clock that a case ever had until `at`, from the case's records. The timer may have applied the records of the two
 * topics in another order than this service. Each clock event has the order in which the timer applied them, and the function follows
 * that order. The records after the last clock event follow in the given order, and their effects are provisional.
 *
 * `facts` has the case's records of each topic in order, and each record after its causes. `lineOf` returns a published line. Returns
 * undefined for a case without an opening at or before `at`.
 */
export function clockHistory(
  facts: readonly ClockFact[],
  lineOf: (ref: LineRef) => Line,
  at: Instant,
): ClockHistory | undefined {
  return walkFacts(
    facts.filter(({ time }) => time <= at),
    lineOf,
  ).end(at);
}

/**
 * Recomputes the clocks of a case as the timer has them after the last of these facts, in the order that the clock events name. Returns
 * undefined for a case without an opening.
 */
export function replayClocks(facts: readonly ClockFact[], lineOf: (ref: LineRef) => Line): CaseClocks | undefined {
  return walkFacts(facts, lineOf).state();
}

function walkFacts(facts: readonly ClockFact[], lineOf: (ref: LineRef) => Line) {
  const walk = createWalk(lineOf);
  const apply = (fact: ClockInput): void => walk.apply(fact);
  const records = facts.filter((fact): fact is ClockInput => fact.topic !== topics.clock);
  const queues = {
    case: records.filter(({ topic }) => topic === topics.case),
    handoff: records.filter(({ topic }) => topic === topics.handoff),
  };
  for (const fact of facts.filter((one): one is ClockEvent => one.topic === topics.clock)) {
    const { order = [] } = fact.data as { readonly order?: "cut" | readonly number[] };
    if (order === "cut") applyCauses(queues, fact, apply);
    else for (const [index, run] of order.entries()) takeRun(queues[index % 2 === 0 ? "case" : "handoff"], run, apply);
    walk.reach(fact);
  }
  walk.confirm();
  const rest = new Set([...queues.case, ...queues.handoff]);
  for (const fact of records) if (rest.has(fact)) walk.apply(fact);
  return walk;
}

type Queues = { readonly case: ClockInput[]; readonly handoff: ClockInput[] };

function takeRun(queue: ClockInput[], run: number, apply: (fact: ClockInput) => void): void {
  for (const fact of queue.splice(0, run)) apply(fact);
}

/** The timer had applied too many runs for a list. The causes of the clock event name the last records that it had applied. */
function applyCauses(queues: Queues, { after = [] }: ClockEvent, apply: (fact: ClockInput) => void): void {
  const until = (topic: string): number => after.find((cause) => cause.topic === topic)?.sequence ?? 0;
  const due = [...queues.case, ...queues.handoff].filter(({ topic, sequence }) => sequence <= until(topic));
  for (const fact of due.toSorted((one, other) => one.time - other.time)) {
    const queue = fact.topic === topics.case ? queues.case : queues.handoff;
    queue.splice(queue.indexOf(fact), 1);
    apply(fact);
  }
}

/** Applies records with the timer's rules, and notes the start and the end of every clock. */
function createWalk(lineOf: (ref: LineRef) => Line) {
  let state: CaseClocks | undefined;
  let isProvisional = false;
  const lives = new Map<string, OpenLife>();
  const firings: ClockEvent[] = [];

  function follow(after: CaseClocks, messages: readonly ClockEvent[], by: ClockCause, time: Instant): void {
    firings.push(...messages.filter(isFiring));
    const running = new Set<string>();
    const line = lineOf(after.line);
    for (const clock of after.clocks) {
      const id = `${clock.name} ${formatStart(clock.start)}`;
      running.add(id);
      const life = lives.get(id);
      if (life === undefined) lives.set(id, { clock, line, startedBy: by, provisional: isProvisional });
      else lives.set(id, { clock, line, startedBy: life.startedBy, provisional: life.provisional });
    }
    for (const [id, life] of lives) {
      if (running.has(id) || life.endedBy !== undefined) continue;
      const ended = after.ended.find((clock) => `${clock.name} ${formatStart(clock.start)}` === id);
      const breach = messages.findLast(isFiring);
      const endedBy = ended !== undefined && breach !== undefined && ended.endedAt !== time ? causeOf(breach) : by;
      lives.set(id, {
        ...life,
        ...(ended !== undefined && { clock: ended }),
        endedBy,
        endedAt: ended?.endedAt ?? time,
        provisional: life.provisional || isProvisional,
      });
    }
    state = after;
  }

  return {
    apply(event: ClockInput): void {
      if (state === undefined) {
        if (event.type !== "case.opened") return;
        const opened = decide(undefined, event, lineOf(event.data.line), event.time);
        follow(opened.state, opened.messages, causeOf(event), event.time);
        return;
      }
      const from = lineOf(state.line);
      const to = event.type === "case.moved" ? lineOf(event.data.line) : from;
      const { state: after, messages } = decideMove(state, event, { from, to }, event.time);
      follow(after, messages, causeOf(event), event.time);
    },
    /** Fires the thresholds that the timer had fired when it published this clock event. */
    reach(fact: ClockEvent): void {
      if (state === undefined) return;
      const due = dueOf(fact);
      if (due === undefined) return;
      const { state: after, messages } = elapse(state, lineOf(state.line), due + 1, fact.time);
      if (messages.length > 0) follow(after, messages, causeOf(fact), due);
    },
    /** Everything after this call is provisional. */
    confirm: (): void => void (isProvisional = true),
    state: (): CaseClocks | undefined => state,
    end(at: Instant): ClockHistory | undefined {
      if (state === undefined) return undefined;
      const { state: after, messages } = elapse(state, lineOf(state.line), at + 1, at);
      const last = messages.at(-1);
      if (last !== undefined) follow(after, messages, causeOf(last), at);
      return { state, lives: [...lives.values()].map((life) => explainLife(life, at)), firings };
    },
  };
}

function causeOf({ type, topic, sequence }: ClockCause): ClockCause {
  return { type, topic, sequence };
}

/** Returns the deadline of the threshold or silence that a clock event reports; undefined for any other clock event. */
function dueOf({ type, data }: ClockEvent): Instant | undefined {
  if (type === "clock.warned" || type === "clock.breached") return parseInstant((data as { dueAt: string }).dueAt);
  return type === "handling.silent" ? parseInstant((data as { silentSince: string }).silentSince) : undefined;
}

function explainLife({ clock, line, startedBy, endedBy, endedAt, provisional }: OpenLife, at: Instant): ClockLife {
  const only =
    endedAt === undefined
      ? { clocks: [clock], ended: [] }
      : { clocks: [], ended: [{ ...clock, endedAt, overtaken: clock.overtaken ?? false }] };
  const [explained] = explain(only, line, at);
  if (explained === undefined) throw new Error("a clock has no explanation");
  return { ...explained, startedBy, ...(endedBy !== undefined && { endedBy }), provisional };
}
