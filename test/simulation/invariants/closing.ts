import type { CaseEvent, EventOf } from "@crossline/contracts";
import { type CaseState, calendarOf, dueAt, parseStart } from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { Ledger } from "./ledger.ts";
import { must } from "./violation.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";

const invariant = "no closing over an unanswered inquiry";

/**
 * A case that closes by itself has no inquiry without an answer, and its time has passed since the cure or the last answer. Returns
 * whether it does close by itself.
 */
export function checkClosing({ closing }: Ledger, event: CaseEvent, { line: ref, severity }: CaseState): boolean {
  if (event.type !== "case.closed" || event.data.reason !== "confirmation-lapsed") return false;
  const says = `${event.key} was closed by itself (fact ${event.sequence})`;
  must(invariant, closing !== undefined, () => `${says} while an inquiry waited for its answer`);
  const targetMs = lineOf(ref).clocks.find(({ kind }) => kind === "confirmation")?.target[severity] ?? 0;
  const passedMs = event.time - closing!.from;
  must(invariant, passedMs > targetMs, () => `${says} ${passedMs} ms after fact ${closing?.since}, not ${targetMs}`);
  return true;
}

/**
 * The race: the clock of the automatic closing fired, and intake has heard the customer's inquiry, or the answer, meanwhile.
 * Returns which of them, undefined where this is no such breach. `ledger`: as intake knows the case when it reads the breach.
 */
export function raceOf(ledger: Ledger, { data }: EventOf<"clock.breached">): "inquiry" | "answer" | undefined {
  if (data.kind !== "confirmation" || ledger.status !== "resolved") return undefined;
  const start = parseStart(data.incarnation);
  if (start.by !== "case" || start.sequence < ledger.resolvedBy || start.sequence >= ledger.lastContact)
    return undefined;
  return ledger.closing === undefined ? "inquiry" : "answer";
}

/** The clock of the closing runs on every resolved case at the end, unless an inquiry waits: so each of them closes in the end. */
export function checkCloses({ id, case: opened, clocks, clockEvents }: CaseSnapshot, ledger: Ledger): void {
  const line = lineOf(opened.line);
  if (opened.status !== "resolved" || line.observe) return;
  const clock = clocks.clocks.find(({ kind }) => kind === "confirmation");
  if (ledger.closing === undefined) {
    must(invariant, clock === undefined, () => `${id} waits for an answer, and is about to close`);
    return;
  }
  const runs = clock !== undefined && dueAt(clock, calendarOf(line, clock)) !== undefined;
  must(invariant, runs, () => {
    const last = clockEvents.findLast((event) => event.type === "clock.breached");
    return `${id} is resolved since fact ${ledger.closing?.since} and will never close; its last breach: ${last?.data.clock}`;
  });
}
