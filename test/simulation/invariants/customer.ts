import type { ClockKind } from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingInput,
  calendarOf,
  dueAt,
  elapse,
  isBreached,
  openHandoffOf,
  waitFor,
} from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { ClockDecision } from "../shells.ts";
import { type Act, type Ledger, isInquiry, isContactOfCustomer } from "./ledger.ts";
import { must } from "./violation.ts";

const invariant = "an act of the customer delays nothing";

/**
 * Returns whether an event is an act of the customer: an inbound contact that is no automatic reply, or an entry of the customer.
 */
export function isActOfCustomer(event: Act): boolean {
  return isContactOfCustomer(event) || (event.type === "entry.added" && event.data.by === "customer");
}

/**
 * Checks that an act of the customer delays no clock. Every threshold that was due before the act must fire. The act
 * may end only the clock of the automatic closing, and only if the act is an inquiry on a resolved case. `ledger` is
 * the state of the case before the act.
 */
export function checkActOfCustomer(ledger: Ledger, decision: ClockDecision): void {
  checkNoLater(decision, ledger.status === "resolved" && isInquiry(decision.event) ? "confirmation" : undefined);
}

/** Checks two effects when the customer ends a pause: no clock gets a later deadline, and only the clock of the pause ends. */
export function checkPauseEnd(decision: ClockDecision): void {
  checkNoLater(decision, "information");
}

function checkNoLater({ before, event, after, messages }: ClockDecision, mayEnd: ClockKind | undefined): void {
  const line = lineOf(before.line);
  const without = elapse(before, line, event.time, event.time);
  const says = `${event.type} ${event.sequence} of ${before.caseId}:`;
  for (const clock of without.state.clocks) {
    if (clock.kind === mayEnd || isBreached(clock)) continue;
    const same = after.clocks.find(({ name }) => name === clock.name);
    must(invariant, same !== undefined, () => `${says} ${clock.name} has ended`);
    const calendar = calendarOf(line, clock);
    const [was, is] = [dueAt(clock, calendar) ?? Infinity, dueAt(same!, calendar) ?? Infinity];
    must(invariant, is <= was, () => `${says} ${clock.name} is due ${is - was} ms later`);
  }
  for (const [index, { type, data }] of without.messages.entries()) {
    const isPublished = messages[index]?.type === type;
    must(invariant, isPublished, () => `${says} ${type} was due before it and did not fire: ${JSON.stringify(data)}`);
  }
  for (const message of messages) {
    const isAllowed = message.type !== "clock.overtaken" || message.data.kind === mayEnd;
    must(invariant, isAllowed, () => `${says} it overtakes a firing`);
  }
}

/** Checks that routing withdraws no offer, call or page because of an act of the customer. */
export function checkNoWithdrawal(before: CaseCrossing, event: CrossingInput, after: CaseCrossing): void {
  const says = `${event.type} ${event.sequence} of ${before.caseId}:`;
  const [open, call, page] = [openHandoffOf(before), waitFor(before, "last-resort"), waitFor(before, "page")];
  const isOpen = open === undefined || open.id === openHandoffOf(after)?.id;
  must(invariant, isOpen, () => `${says} offer ${open?.id} is withdrawn`);
  const isCalled = call === undefined || call.call === waitFor(after, "last-resort")?.call;
  must(invariant, isCalled, () => `${says} the call of the last resort is withdrawn`);
  const isPaged = page === undefined || page.id === waitFor(after, "page")?.id;
  must(invariant, isPaged, () => `${says} page ${page?.id} is withdrawn`);
}
