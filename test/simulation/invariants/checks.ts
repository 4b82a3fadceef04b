import { type ClockEvent, type DurationMs, type Instant, isFiring, parseInstant, topics } from "@crossline/contracts";
import {
  type CaseClocks,
  type CaseCrossing,
  type CaseState,
  type Clock,
  formatStart,
  hasDueClock,
  elapse,
  heldMsAt,
  isEnded,
  isUnsolved,
  timesByHolder,
} from "@crossline/domain";
import { type Fetched, nameOf } from "../broker.ts";
import { lineOf } from "../lines.ts";
import type { ServiceName } from "../service.ts";
import type { OnDecided, OnFired } from "../shells.ts";
import type { OnCommit, Tables } from "../store.ts";
import type { World } from "../world.ts";
import { must } from "./violation.ts";

/** Clocks that are about a person's work; only a person stops them. */
const forPersons: ReadonlySet<Clock["kind"]> = new Set([
  "first-response",
  "stall.busy",
  "stall.idle",
  "handling.limit",
  "vendor.acceptance",
  "last-resort",
]);

/** The invariants that can be judged on a single commit or decision. What needs the whole run is in `at-the-end.ts`. */
export class Checks {
  readonly applied = new Map<ServiceName, Set<string>>();
  readonly #world: World;
  /** Cases of which the timer heard something only after a later thing, with how late that was. */
  readonly lateMs = new Map<string, DurationMs>();
  readonly #heardUntil = new Map<string, Instant>();
  readonly #firings = new Map<string, { readonly at: Instant; readonly byScanner: boolean }>();
  /** Milliseconds between ends and reopenings, by service and case. */
  readonly #over = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  onApplied(service: ServiceName, records: readonly Fetched[]): void {
    const applied = this.applied.get(service) ?? new Set();
    this.applied.set(service, applied);
    for (const record of records) {
      const name = nameOf(record);
      must("2: at most once", !applied.has(name), () => `${service} took ${record.type} (${name}) twice`);
      applied.add(name);
    }
  }

  readonly onFired: OnFired = (messages) => this.#remember(messages, true);

  readonly onDecided: OnDecided = (before, event, after, messages) => {
    const { broker, scheduler } = this.#world;
    const heard = this.#heardUntil.get(event.key) ?? -Infinity;
    if (event.time < heard) this.lateMs.set(event.key, Math.max(heard - event.time, this.lateMs.get(event.key) ?? 0));
    this.#heardUntil.set(event.key, Math.max(heard, event.time));
    this.#remember(messages, false);
    for (const message of messages) {
      if (message.type !== "clock.overtaken") continue;
      const since = broker.since.get(nameOf(event)) ?? scheduler.now;
      const missed = message.data.firingIds.map((id) => this.#firings.get(id)).find((firing) => firing?.byScanner);
      must(
        "9: a replay fires the same",
        missed === undefined || since >= missed.at,
        () => `${message.data.clock} fired although ${event.type} (${nameOf(event)}) was there to be read`,
      );
    }
    if (event.data.actor.automated && (event.topic.includes("case") || event.type === "case.status-changed")) {
      if (isUnsolved(after.status)) this.#checkAutomation(before, event, after);
    }
  };

  readonly onIntake: OnCommit<CaseState> = (before, after) => {
    for (const [old, { state }] of changed(before, after)) {
      if (old !== undefined && old.endedAt !== undefined && state.endedAt === undefined) {
        this.#reopened(`intake ${state.id}`, old.endedAt, state.heldSince);
      }
      const sum = total(heldMsAt(state, this.#world.scheduler.now));
      this.#addsUp(`intake ${state.id}`, sum, state.openedAt, state.endedAt);
      sameLine(old, state);
    }
  };

  readonly onRouting: OnCommit<CaseCrossing> = (before, after) => {
    for (const [old, { state }] of changed(before, after)) {
      if (old !== undefined && old.endedAt !== undefined && state.endedAt === undefined) {
        this.#reopened(`routing ${state.caseId}`, old.endedAt, state.heldSince);
      }
      const sum = total(timesByHolder(state, this.#world.scheduler.now));
      this.#addsUp(`routing ${state.caseId}`, sum, state.material.openedAt, state.endedAt);
      sameLine(old, state);
    }
  };

  readonly onTimer: OnCommit<CaseClocks> = (before, after) => {
    for (const [old, { state }] of changed(before, after)) {
      sameLine(old, state);
      const line = lineOf(state.line);
      if (!line.observe && !isEnded(state.status)) {
        const invariant = "3: one holder, a running clock, times that add up";
        const hasClock = state.clocks.length > 0 || this.#isClosing(state);
        must(invariant, hasClock, () => `${state.caseId} is ${state.status} and has no clock`);
        // A waiting or resolved case may have breached its only clock: intake is about to move it on.
        const mayRest = state.status === "pending" || state.status === "resolved";
        const fires = hasDueClock(state, line);
        must(invariant, mayRest || fires, () => `no clock of ${state.caseId} will ever fire`);
      }
      this.#checkFirings(old, state);
    }
  };

  /** Confirming ends the clock and closes the case: two records of one decision, which can be taken in two transactions. */
  #isClosing({ caseId, read }: CaseClocks): boolean {
    return this.#world.broker.history(topics.case, caseId)[read.case - 1]?.type === "case.confirmed";
  }

  #remember(messages: readonly ClockEvent[], byScanner: boolean): void {
    for (const message of messages) {
      if (!isFiring(message)) continue;
      this.#firings.set(message.data.firingId, { at: this.#world.scheduler.now, byScanner });
      const due = parseInstant(message.data.dueAt);
      this.#heardUntil.set(message.key, Math.max(due, this.#heardUntil.get(message.key) ?? -Infinity));
    }
  }

  #checkAutomation(before: CaseClocks, event: Parameters<OnDecided>[1], after: CaseClocks): void {
    const { clocks } = elapse(before, lineOf(before.line), event.time, this.#world.scheduler.now).state;
    for (const clock of clocks.filter(({ kind }) => forPersons.has(kind))) {
      const goesOn = after.clocks.some((one) => isSameClock(one, clock));
      must(
        "7: automation stops no clock",
        goesOn,
        () => `${event.type} by a program ended ${clock.name} ${formatStart(clock.start)}`,
      );
    }
  }

  /** Each threshold fires after its due instant, and that is where the counted intervals reach it. */
  #checkFirings(old: CaseClocks | undefined, state: CaseClocks): void {
    if (old !== undefined && old.sequence === state.sequence) return;
    for (const clock of [...state.clocks, ...state.ended]) {
      const known = [...(old?.clocks ?? []), ...(old?.ended ?? [])].find((one) => isSameClock(one, clock));
      for (const [index, { dueAt, firedAt }] of clock.fired.entries()) {
        if (index < (known?.fired.length ?? 0)) continue;
        must(
          "6: a deadline is its counted intervals",
          firedAt >= dueAt && this.#world.scheduler.now > dueAt,
          () => `${clock.name} fired early`,
        );
        const share = (targetMs: DurationMs): DurationMs => Math.ceil((targetMs * clock.thresholds[index]!) / 100);
        // What fires just before a change of severity fires by the target before it, in the same decision.
        const wanted = share(clock.targetMs);
        const before = share(known?.targetMs ?? clock.targetMs);
        const counted = clock.counted.reduce(
          (sum, { from, to }) => sum + Math.max(0, Math.min(to ?? Infinity, dueAt) - from),
          0,
        );
        // What was counted beyond a thing that was heard late is taken back: it explains what should have been.
        if (counted < wanted && this.lateMs.has(state.caseId)) continue;
        const says = `${clock.name} ${formatStart(clock.start)} of ${state.caseId} fired at ${wanted} ms and had counted ${counted}`;
        const isChange = dueAt === clock.notBefore && counted > wanted;
        must(
          "6: a deadline is its counted intervals",
          counted === wanted || counted === before || isChange,
          () => says,
        );
      }
    }
  }

  #reopened(name: string, endedAt: Instant, at: Instant): void {
    this.#over.set(name, (this.#over.get(name) ?? 0) + at - endedAt);
  }

  #addsUp(name: string, sum: number, openedAt: Instant, endedAt: Instant | undefined): void {
    const open = (endedAt ?? this.#world.scheduler.now) - openedAt - (this.#over.get(name) ?? 0);
    const says = `${name}: its holders had it for ${sum} ms, and it was open for ${open} ms`;
    must("3: one holder, a running clock, times that add up", sum === open, () => says);
  }
}

function* changed<State>(before: Tables<State>, after: Tables<State>) {
  for (const [id, row] of after.cases) {
    const old = before.cases.get(id);
    if (old !== row) yield [old?.state, row] as const;
  }
}

function sameLine(old: Pick<CaseState, "line"> | undefined, { line }: Pick<CaseState, "line">): void {
  const isSame = old === undefined || (old.line.name === line.name && old.line.version === line.version);
  must("5: a case keeps its line", isSame, () => `it was ${old?.line.name} and is ${line.name}@${line.version}`);
}

function total(held: Readonly<Record<string, number>>): number {
  return Object.values(held).reduce((sum, ms) => sum + ms, 0);
}

function isSameClock(one: Pick<Clock, "name" | "start">, other: Pick<Clock, "name" | "start">): boolean {
  return one.name === other.name && formatStart(one.start) === formatStart(other.start);
}
