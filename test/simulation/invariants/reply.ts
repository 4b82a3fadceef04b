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

/** While a reply is owed its clock runs to its next threshold, whatever the status of the case; after the answer there is none. */
export function checkReply(ledger: Ledger, { caseId, line: ref, status, clocks, read }: CaseClocks): void {
  const line = lineOf(ref);
  if (line.observe) return;
  const clock = clocks.find(({ kind }) => kind === "reply");
  const says = `${caseId} is ${status} after fact ${read.case}:`;
  must(invariant, ledger.reply === (clock !== undefined), () =>
    ledger.reply ? `${says} no clock asks for the reply` : `${says} a clock asks for a reply that is not owed`,
  );
  const isDue = clock === undefined || dueAt(clock, calendarOf(line, clock)) !== undefined;
  must(invariant, isDue, () => `${says} the clock for the reply will never fire again`);
}

/** What the customer writes so long after the end that the line takes no more letters belongs to another case. */
export function checkLetter({ endedAt }: Ledger, event: CaseEvent, { line }: Pick<CaseState, "line">): void {
  if (endedAt === undefined || !isContactOfCustomer(event)) return;
  const lateMs = event.time - endedAt - lineOf(line).lettersMs;
  must(invariant, lateMs <= 0, () => `${event.key} took a letter ${lateMs} ms after it had become too late for one`);
}

/** What the customer writes in time is taken, in every status. */
export function checkAccepted(
  { endedAt }: Ledger,
  { id, line, lastEventAt }: CaseState,
  refused: string,
  now: Instant,
): void {
  const lateMs = Math.max(now, lastEventAt) - (endedAt ?? Infinity) - lineOf(line).lettersMs;
  must(invariant, lateMs > 0, () => `${id} took no letter (${refused}) ${-lateMs} ms before it was too late for one`);
}

/** A deadline passed that crosses nothing: a person is paged for it, unless what was owed rests by now. A reply never rests. */
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
    isReply ? invariant : "the customer's act puts nothing off",
    isPaged || pausesIn(kind, before.status),
    () => `${clock} ${incarnation} of ${before.caseId} breached, and no person was paged (it is ${before.status})`,
  );
}
