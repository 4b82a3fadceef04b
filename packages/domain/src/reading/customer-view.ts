import type { ClockKind, CustomerAct, CustomerSituation, EventData, Instant } from "@crossline/contracts";
import type { CaseState } from "../case/case.ts";
import { lacksRootCause } from "../case/change-status.ts";
import { isTooLateForContact } from "../case/contact.ts";
import { isUnsolved } from "../case/status.ts";
import { calendarOf } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock } from "../clock/clock.ts";
import { thresholdDue } from "../clock/counting.ts";

/**
 * The kinds of clocks whose deadline is an instant by which the customer gets an answer or a promised thing. `need-by` is not among them, because its
 * deadline is the latest safe crossing, which is internal.
 */
const heardKinds: ReadonlySet<ClockKind> = new Set(["first-response", "next-update", "reply", "promise"]);

/** Returns the situation of a case for its customer. The reason and the note of a wait are internal. */
export function customerSituationOf({ status, waiting, mergedInto }: CaseState): CustomerSituation {
  if (mergedInto !== undefined) return "continued";
  switch (status) {
    case "acknowledged":
      return "received";
    case "inProgress":
      return "in-progress";
    case "pending":
      return waiting?.on === "customer" ? "waiting-for-you" : "waiting";
    case "held":
    case "assessingCancellation":
      return "waiting";
    default:
      return status;
  }
}

/**
 * Returns the acts that the customer has at an instant. Only a resolved case has a fix that can work or fail. A case accepts an
 * addition until some time after its end.
 */
export function customerActsOf(state: CaseState, at: Instant): readonly CustomerAct[] {
  if (state.mergedInto !== undefined || isTooLateForContact(state, at)) return [];
  if (state.status !== "resolved") return ["add"];
  return lacksRootCause(state) ? ["still-broken", "add"] : ["works", "still-broken", "add"];
}

/** Returns the content of the contact that an act of the customer becomes. */
export function contentOfAct(act: CustomerAct): EventData<"case.contacted">["content"] {
  return act === "add" ? "inquiry" : act;
}

/** Returns the company that has an unsolved case, and since when; undefined for a solved case. */
export function customerHolderOf(state: CaseState): { readonly party: string; readonly since: Instant } | undefined {
  return isUnsolved(state.status) ? { party: state.holder, since: state.heldSince } : undefined;
}

/**
 * Returns the deadline of the next answer to the customer, and its clock; undefined if no company owes one. A deadline that has passed
 * without an answer stays the result, so that the customer reads that the company is late.
 */
export function customerDue(
  state: CaseClocks,
  line: Line,
): { readonly at: Instant; readonly clock: Clock } | undefined {
  let next: { readonly at: Instant; readonly clock: Clock } | undefined;
  for (const clock of state.clocks) {
    // A clock that is paused has no deadline now, even if it has breached.
    if (!heardKinds.has(clock.kind) || clock.counted.at(-1)?.to !== undefined) continue;
    const at = thresholdDue(clock, calendarOf(line, clock), 100);
    if (at !== undefined && (next === undefined || at < next.at)) next = { at, clock };
  }
  return next;
}
