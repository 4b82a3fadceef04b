import type { CaseStatus, EventOf, Instant, Pause, Severity } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { sideOf } from "./acting-side.ts";

/** The case before and after an event. */
export type CaseChange = {
  readonly event: AuditedEvent;
  readonly before:
    | {
        readonly holder: string;
        readonly status: CaseStatus;
        readonly severity: Severity;
        /** The vendor had asked back, and had no answer. */
        readonly isAsked: boolean;
      }
    | undefined;
  readonly after: CaseState;
  readonly line: AuditedLine;
};

const ended: readonly CaseStatus[] = ["closed", "rejected", "cancelled"];

export const isEnded = (status: CaseStatus): boolean => ended.includes(status);
export const isSolved = (status: CaseStatus): boolean => status === "resolved" || isEnded(status);
/** It does not come back. */
export const isFinal = ({ status, mergedAway }: CaseState): boolean =>
  isEnded(status) && (status !== "closed" || mergedAway === true);

/** Whether a person of a party did it. */
export const isByPerson = ({ event }: Pick<CaseChange, "event">): boolean => sideOf(event) === "person";
/** A sign of life of a party. Merging two cases puts off no deadline of either, nor does keeping a lease. */
export const isSignOfLife = (change: CaseChange, party: string): boolean =>
  isByPerson(change) && !isOneOf(change, "case.merged", "handoff.renewed") && change.event.data.actor.party === party;

export function isOneOf<T extends AuditedEvent["type"]>(
  change: { readonly event: AuditedEvent },
  ...types: readonly T[]
): change is { readonly event: AuditedEvent & EventOf<T> } {
  return (types as readonly string[]).includes(change.event.type);
}

export function isProgress(change: CaseChange, party: string): boolean {
  const { event } = change;
  if (event.type === "case.confirmed") return true;
  if (event.type !== "entry.added" || !isSignOfLife(change, party)) return false;
  const { kind, news } = event.data;
  return kind !== "note" && news;
}

export function isHoldingRestarted(change: CaseChange): boolean {
  return (
    change.before?.holder !== change.after.holder ||
    isOneOf(change, "handoff.withdrawn", "handoff.taken", "case.reopened")
  );
}

export const hasLeftHolder = (change: CaseChange, charged: string): boolean =>
  isSolved(change.after.status) ||
  change.after.holder !== charged ||
  isOneOf(change, "handoff.offered", "crossing.requested", "handoff.withdrawn");

/** The end of the latest live handling of the party; false where it has none. */
export function liveUntil({ event, after }: CaseChange, party: string): Instant | false {
  const ends = after.handlings.filter((handling) => handling.party === party).map(({ until }) => until);
  const latest = Math.max(...ends, -Infinity);
  return latest > event.time && latest;
}

/** Whether a clock that rests for this has to rest. */
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
