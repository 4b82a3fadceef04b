import type { CaseEvent, HandoffEvent, Instant } from "@crossline/contracts";
import {
  type CaseClocks,
  type CaseCrossing,
  type CaseState,
  type CrossingInput,
  calendarOf,
  dueAt,
} from "@crossline/domain";
import { lineOf } from "../lines.ts";
import { type Ledger, isContactOfCustomer } from "./ledger.ts";
import { pausesIn } from "./owed.ts";
import { must } from "./violation.ts";

const invariant = "a reply is owed until a person answers";
const paging: ReadonlySet<string> = new Set(["need-by", "promise", "joint", "reply"]);

/** Checks, in every status, that the clock `reply` runs while a reply is owed, and that no such clock exists otherwise. */
export function checkReply(ledger: Ledger, { caseId, line: ref, status, clocks, read }: CaseClocks): void {
  const line = lineOf(ref);
  if (line.observe) return;
  const clock = clocks.find(({ kind }) => kind === "reply");
  const says = `${caseId} is ${status} after event ${read.case}:`;
  must(invariant, ledger.reply === (clock !== undefined), () =>
    ledger.reply ? `${says} the owed reply has no clock` : `${says} a reply that is not owed has a clock`,
  );
  const isDue = clock === undefined || dueAt(clock, calendarOf(line, clock)) !== undefined;
  must(invariant, isDue, () => `${says} the clock for the reply will never fire again`);
}

/** Checks that intake accepts no contact of the customer on an ended case after the line's `letters` time. */
export function checkLetter({ endedAt }: Ledger, event: CaseEvent, { line }: Pick<CaseState, "line">): void {
  if (endedAt === undefined || !isContactOfCustomer(event)) return;
  const lateMs = event.time - endedAt - lineOf(line).lettersMs;
  must(invariant, lateMs <= 0, () => `${event.key} accepted a contact ${lateMs} ms after the end of its letters time`);
}

/** Checks that intake refuses a contact of the customer only after the line's `letters` time. */
export function checkAccepted(
  { endedAt }: Ledger,
  { id, line, lastEventAt }: CaseState,
  refused: string,
  now: Instant,
): void {
  const lateMs = Math.max(now, lastEventAt) - (endedAt ?? Infinity) - lineOf(line).lettersMs;
  must(
    invariant,
    lateMs > 0,
    () => `${id} refused a contact (${refused}) ${-lateMs} ms before the end of its letters time`,
  );
}

/** Checks that routing pages a person after a breach, unless the clock is paused in the case's status. A reply is never paused. */
export function checkPaged(before: CaseCrossing, event: CrossingInput, messages: readonly HandoffEvent[]): void {
  if (event.type !== "clock.breached" || !paging.has(event.data.kind)) return;
  const { observe, lastResort } = lineOf(before.line);
  const hasRoster = lastResort.some((to) => to.startsWith("roster:"));
  if (observe || !hasRoster) return;
  const { kind, clock, incarnation } = event.data;
  const isPaged = messages.some(
    ({ type, data }) => type === "roster.paged" && "people" in data && data.reason === kind && !data.nobody,
  );
  const isReply = kind === "reply";
  must(
    isReply ? invariant : "an act of the customer delays nothing",
    isPaged || pausesIn(kind, before.status),
    () => `${clock} ${incarnation} of ${before.caseId} breached without a page to a person (status ${before.status})`,
  );
}
