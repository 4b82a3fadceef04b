import type { CaseStatus, EventOf, Instant, Pause, Severity } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { AuditedClock } from "./audited-clock.ts";
import { sideOf } from "./acting-side.ts";

/** A failed answer: its incarnation, and the clocks that the company owes again. */
export type FailedAnswer = {
  readonly incarnation: string;
  /** True if the time until the automatic closing counted from this answer. */
  readonly hasConfirmation: boolean;
  readonly owed: readonly AuditedClock[];
};

/** The case before and after an event. */
export type CaseChange = {
  readonly event: AuditedEvent;
  readonly before:
    | {
        readonly holder: string;
        readonly status: CaseStatus;
        readonly severity: Severity;
        /** True if an information request was open. */
        readonly isAsked: boolean;
        /** True if the case was a member of an incident. */
        readonly isMember: boolean;
      }
    | undefined;
  readonly after: CaseState;
  readonly line: AuditedLine;
  /** The answer of the message that failed with this event. */
  readonly failed?: FailedAnswer | undefined;
};

const ended: readonly CaseStatus[] = ["closed", "rejected", "cancelled"];

/** Returns whether the case is closed, rejected or cancelled. */
export const isEnded = (status: CaseStatus): boolean => ended.includes(status);
/** Returns whether the case is resolved or ended. */
export const isSolved = (status: CaseStatus): boolean => status === "resolved" || isEnded(status);
/** Returns whether the case can never be reopened. */
export const isFinal = ({ status, mergedAway }: CaseState): boolean =>
  isEnded(status) && (status !== "closed" || mergedAway === true);

/** Returns whether the acting side is a person of a party. */
export const isByPerson = ({ event }: Pick<CaseChange, "event">): boolean => sideOf(event) === "person";
/**
 * Returns whether the event is a sign of life of the party. A merge, the renewal of a lease and the events of a pool are not signs
 * of life.
 */
export const isSignOfLife = (change: CaseChange, party: string): boolean =>
  isByPerson(change) &&
  !isOneOf(change, "case.merged", "handoff.renewed") &&
  !change.event.type.startsWith("pool.") &&
  change.event.data.actor.party === party;

/** Returns whether the event has one of the given types. */
export function isOneOf<T extends AuditedEvent["type"]>(
  change: { readonly event: AuditedEvent },
  ...types: readonly T[]
): change is { readonly event: AuditedEvent & EventOf<T> } {
  return (types as readonly string[]).includes(change.event.type);
}

/** Returns whether the event is progress by the party. */
export function isProgress(change: CaseChange, party: string): boolean {
  const { event } = change;
  if (event.type === "case.confirmed") return true;
  if (event.type !== "entry.added" || !isSignOfLife(change, party)) return false;
  const { kind, news } = event.data;
  return kind !== "note" && news;
}

/** Returns whether the holding restarts: after a new holder, a withdrawal, a take or a reopening. */
export function isHoldingRestarted(change: CaseChange): boolean {
  return (
    change.before?.holder !== change.after.holder ||
    isOneOf(change, "handoff.withdrawn", "handoff.taken", "case.reopened")
  );
}

/** Returns whether the charged party no longer works on the case, because the case is solved, has another holder, or crosses. */
export const hasLeftHolder = (change: CaseChange, charged: string): boolean =>
  isSolved(change.after.status) ||
  change.after.holder !== charged ||
  isOneOf(change, "handoff.offered", "crossing.requested", "handoff.withdrawn");

/** Returns whether the event makes the case a member of an incident. */
export const isJoined = (change: CaseChange): boolean =>
  isOneOf(change, "incident.joined") && change.after.membership !== undefined;

/** Returns the instant until which a handling of the party is live, or false if no handling is live. */
export function liveUntil({ event, after }: CaseChange, party: string): Instant | false {
  const ends = after.handlings.filter((handling) => handling.party === party).map(({ until }) => until);
  const latest = Math.max(...ends, -Infinity);
  return latest > event.time && latest;
}

/** Returns whether the case is in the state that this `pausedWhile` value names. */
export function isPausedFor({ status, waiting, handoff }: CaseState, pause: Pause): boolean {
  switch (pause) {
    case "customer":
    case "vendor":
    case "carrier":
      return status === "pending" && waiting?.on === pause;
    case "held":
      return status === "held";
    case "offered":
      return handoff !== undefined && handoff.accepted !== true;
    case "accepted":
      return handoff?.accepted === true;
  }
}
