import type { CaseClocks } from "./clock.ts";
import type { ClockInput } from "./change.ts";

/** A sign of life of a person at `party`. Automation is nobody; and merging two cases puts off no deadline of either. */
export function isPersonOf(party: string, event: ClockInput): boolean {
  return event.type !== "case.merged" && !event.data.actor.automated && event.data.actor.party === party;
}

/**
 * Progress: something is known or has been tried that was not before. Notes, status flips, heartbeats, automation and
 * repeats are none; the customer's own hypothesis is carried along and moves no clock.
 */
export function isProgressOf(party: string, event: ClockInput): boolean {
  switch (event.type) {
    case "entry.added":
      return event.data.kind !== "note" && event.data.by === "party" && event.data.news && isPersonOf(party, event);
    case "case.confirmed":
      return true;
    default:
      return false;
  }
}

/** The case crosses, by itself or by hand. */
export function isCrossing(event: ClockInput): boolean {
  return event.type === "handoff.offered" || event.type === "crossing.requested";
}

/** A person's answer to the customer: not automation, not an auto-reply, not a link to an article. A live handling is one. */
export function isAnswer(event: ClockInput): boolean {
  if (event.data.actor.automated) return false;
  if (event.type === "handling.started") return true;
  return event.type === "case.contacted" && event.data.direction === "outbound" && event.data.content === "answer";
}

/** Whether the holder of the case, or that it has it anew, differs from before the event. */
export function isHeldAnew(event: ClockInput, before: CaseClocks | undefined, after: CaseClocks): boolean {
  if (before === undefined || before.holder !== after.holder) return true;
  return event.type === "handoff.withdrawn" || event.type === "handoff.taken" || event.type === "case.reopened";
}
