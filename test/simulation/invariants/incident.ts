import type { ClockKind, HandoffEvent } from "@crossline/contracts";
import {
  type CaseClocks,
  type CaseCrossing,
  type ClockInput,
  type CrossingInput,
  calendarOf,
  elapse,
  explain,
  formatStart,
  isUnsolved,
  openHandoffOf,
} from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { ClockDecision } from "../shells.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";
import type { Ledger } from "./ledger.ts";
import { must } from "./violation.ts";

const invariant = "a member of an incident waits for its lead";

/** The clocks that an incident never rests: the obligations to the customer, and the limit of live handlings. */
const running: ReadonlySet<ClockKind> = new Set([
  "first-response",
  "next-update",
  "reply",
  "resolution",
  "need-by",
  "promise",
  "joint",
  "handling.limit",
]);

/** The events by which routing takes a line step. A page for a deadline is no step. */
function isStep({ type, data }: HandoffEvent): boolean {
  return (
    type === "handoff.offered" ||
    type === "pool.assigned" ||
    type === "line.exhausted" ||
    (type === "roster.paged" && data.reason === "step")
  );
}

/**
 * Checks the members of incidents. Intake's events say whether a case is a member. A vendor can accept a case before routing reads that
 * the case joined. From then on the vendor works on the case, until intake ends the membership.
 */
export class Members {
  /** The cases that a vendor held at their joining, or accepted since then, by service. */
  readonly #held = { timer: new Set<string>(), routing: new Set<string>() };

  /** Checks how an event of an incident changes the clocks. `ledger` is the state of the case after the last case event that the timer read. */
  checkClocks(ledger: Ledger | undefined, decision: ClockDecision): void {
    const { before, event, after } = decision;
    const held = this.#held.timer;
    if (event.type === "incident.joined") note(held, event.key, before.holder !== before.carrier);
    if (event.type === "handoff.accepted") held.add(event.key);
    if (event.type.startsWith("incident.")) checkObligations(decision);
    if (ledger === undefined) return;
    const isMember = ledger.member !== undefined && !held.has(event.key);
    const stalls = after.clocks.filter(({ kind }) => kind === "stall.idle" || kind === "stall.busy");
    must(invariant, !isMember || stalls.length === 0, () => `${event.key}: ${stalls[0]?.name} runs for a member`);
    const named = lineOf(after.line).clocks.some(({ kind }) => kind === "information");
    const hasClock = after.clocks.some(({ kind }) => kind === "information");
    must(invariant, !isMember || !named || hasClock, () => `${event.key}: the membership has no clock`);
    if (event.type === "incident.left") checkLeft(before, event, after);
  }

  /** Checks that routing takes no line step of a member. */
  checkSteps(
    ledger: Ledger | undefined,
    before: CaseCrossing,
    event: CrossingInput,
    messages: readonly HandoffEvent[],
  ): void {
    const held = this.#held.routing;
    const isHeld = before.holder !== before.carrier || openHandoffOf(before)?.phase === "accepted";
    if (event.type === "incident.joined") note(held, event.key, isHeld);
    if (ledger?.member === undefined || held.has(event.key)) return;
    const step = messages.find(isStep);
    must(invariant, step === undefined, () => `${event.key}: ${step?.type} after ${event.type}, though it is a member`);
  }
}

function note(set: Set<string>, key: string, isIn: boolean): void {
  if (isIn) set.add(key);
  else set.delete(key);
}

/** Checks that an event of an incident changes no deadline of an obligation to the customer. */
function checkObligations({ before, event, after }: ClockDecision): void {
  const line = lineOf(before.line);
  const { clocks } = elapse(before, line, event.time, event.time).state;
  const dueOf = (state: Pick<CaseClocks, "clocks">, name: string) =>
    explain(
      { clocks: state.clocks.filter((one) => one.name === name), ended: [] },
      line,
      event.time,
    )[0]?.thresholds.map(({ percent, dueAt }) => `${percent} ${dueAt}`);
  for (const { name, kind, start } of clocks) {
    if (!running.has(kind)) continue;
    const same = after.clocks.find((one) => one.name === name && formatStart(one.start) === formatStart(start));
    must(invariant, same !== undefined, () => `${event.key}: ${event.type} ends ${name}`);
    const [was, is] = [dueOf({ clocks }, name), dueOf(after, name)];
    must(invariant, JSON.stringify(was) === JSON.stringify(is), () => `${event.key}: ${event.type} moves ${name}`);
  }
}

/** Checks that the holder's silence counts from `incident.left` on, as for a new holder. */
function checkLeft(before: CaseClocks, event: ClockInput, after: CaseClocks): void {
  if (before.member === undefined || !isUnsolved(after.status) || after.status === "pending") return;
  for (const { name, kind, target } of lineOf(after.line).clocks) {
    if (kind !== "stall.idle") continue;
    const clock = after.clocks.find((one) => one.name === name);
    const isNew = clock !== undefined && formatStart(clock.start) === `case/${event.sequence}`;
    must(invariant, isNew, () => `${event.key}: ${name} does not start when the case leaves`);
    const isWhole = clock?.targetMs === target[after.severity] && clock.startedAt === event.time;
    must(invariant, isWhole, () => `${event.key}: ${name} has counted before the case left`);
  }
}

/** Checks that the three services agree on the membership at the end, and that a clock will end the membership. */
export function checkMembership({ id, case: opened, clocks, crossing }: CaseSnapshot): void {
  const incident = opened.incident?.role === "member" ? opened.incident.id : undefined;
  const ids = [incident, clocks.member?.incidentId, crossing.member];
  must(invariant, new Set(ids).size === 1, () => `${id} is a member of ${ids.join(", ")}`);
  const line = lineOf(clocks.line);
  if (incident === undefined || line.clocks.every(({ kind }) => kind !== "information")) return;
  const ending = clocks.clocks.find(({ kind }) => kind === "information");
  const isRunning = ending !== undefined && ending.fired.length < ending.thresholds.length;
  must(invariant, isRunning && calendarOf(line, ending) !== undefined, () => `${id}: its membership never ends`);
}
