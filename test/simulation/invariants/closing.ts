import type { CaseEvent, EventOf } from "@crossline/contracts";
import { type CaseState, calendarOf, dueAt, parseStart } from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { Ledger } from "./ledger.ts";
import { must } from "./violation.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";

const invariant = "no case closes during an unanswered inquiry";

/**
 * Checks that at an automatic closing no inquiry waits, and that the target has passed since the resolution or the last answer.
 * Returns whether the event is an automatic closing.
 */
export function checkClosing({ closing }: Ledger, event: CaseEvent, { line: ref, severity }: CaseState): boolean {
  if (event.type !== "case.closed" || event.data.reason !== "confirmation-lapsed") return false;
  const says = `${event.key} closed automatically (event ${event.sequence})`;
  must(invariant, closing !== undefined, () => `${says} while an inquiry waited for an answer`);
  const targetMs = lineOf(ref).clocks.find(({ kind }) => kind === "confirmation")?.target[severity] ?? 0;
  const passedMs = event.time - closing!.from;
  must(
    invariant,
    passedMs > targetMs,
    () => `${says} ${passedMs} ms after event ${closing?.since}, not after ${targetMs} ms`,
  );
  return true;
}

/**
 * Returns the kind of contact that raced with the automatic closing, or undefined. In this race, the clock `confirmation` starts
 * before the contact, and intake records the contact before it reads the breach. `ledger` is the state of the case when intake reads
 * the breach.
 */
export function raceOf(ledger: Ledger, { data }: EventOf<"clock.breached">): "inquiry" | "answer" | undefined {
  if (data.kind !== "confirmation" || ledger.status !== "resolved") return undefined;
  const start = parseStart(data.incarnation);
  if (start.by !== "case" || start.sequence < ledger.resolvedBy || start.sequence >= ledger.lastContact)
    return undefined;
  return ledger.closing === undefined ? "inquiry" : "answer";
}

/** Checks that a resolved case has a running clock that will close it, unless an inquiry waits for an answer. */
export function checkCloses({ id, case: opened, clocks, clockEvents }: CaseSnapshot, ledger: Ledger): void {
  const line = lineOf(opened.line);
  if (opened.status !== "resolved" || line.observe) return;
  const clock = clocks.clocks.find(({ kind }) => kind === "confirmation");
  if (ledger.closing === undefined) {
    must(invariant, clock === undefined, () => `${id} will close while an inquiry waits for an answer`);
    return;
  }
  const runs = clock !== undefined && dueAt(clock, calendarOf(line, clock)) !== undefined;
  must(invariant, runs, () => {
    const last = clockEvents.findLast((event) => event.type === "clock.breached");
    return `${id} is resolved since event ${ledger.closing?.since} and will never close; its last breach: ${last?.data.clock}`;
  });
}
