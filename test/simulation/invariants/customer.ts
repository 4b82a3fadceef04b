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

const invariant = "the customer's act puts nothing off";

/** The customer's own act: a contact that is no automatic reply, or an entry in the customer's words. */
export function isActOfCustomer(event: Act): boolean {
  return isContactOfCustomer(event) || (event.type === "entry.added" && event.data.by === "customer");
}

/**
 * After the customer's act every clock is due no later than before, and all fires that was due before it. The one clock that it may
 * end is the automatic closing of a resolved case. `ledger`: before the act.
 */
export function checkActOfCustomer(ledger: Ledger, decided: ClockDecision): void {
  checkNoLater(decided, ledger.status === "resolved" && isInquiry(decided.event) ? "confirmation" : undefined);
}

/** By the customer's act a wait is over: its own clock ends, and no other is due later. */
export function checkPauseEnd(decided: ClockDecision): void {
  checkNoLater(decided, "information");
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
    const isTold = messages[index]?.type === type;
    must(invariant, isTold, () => `${says} ${type} was due before it and was not told: ${JSON.stringify(data)}`);
  }
  for (const message of messages) {
    const isAllowed = message.type !== "clock.overtaken" || message.data.kind === mayEnd;
    must(invariant, isAllowed, () => `${says} a firing is told to be overtaken by it`);
  }
}

/** Nor does it take an offer, a call or a page back at routing. */
export function checkNoWithdrawal(before: CaseCrossing, event: CrossingInput, after: CaseCrossing): void {
  const says = `${event.type} ${event.sequence} of ${before.caseId}:`;
  const [open, call, page] = [openHandoffOf(before), waitFor(before, "last-resort"), waitFor(before, "page")];
  const isOpen = open === undefined || open.id === openHandoffOf(after)?.id;
  must(invariant, isOpen, () => `${says} offer ${open?.id} is gone`);
  const isCalled = call === undefined || call.call === waitFor(after, "last-resort")?.call;
  must(invariant, isCalled, () => `${says} the last resort is not called any more`);
  const isPaged = page === undefined || page.id === waitFor(after, "page")?.id;
  must(invariant, isPaged, () => `${says} page ${page?.id} is not waited for any more`);
}
