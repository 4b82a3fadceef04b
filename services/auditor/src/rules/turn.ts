import type { CaseStatus, EventOf, Instant, Pause, Severity } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { Happening } from "./happening.ts";
import { sideOf } from "./side.ts";

/** The case before and after a happening. */
export type Turn = {
  readonly happening: Happening;
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
export const isPersons = ({ happening }: Pick<Turn, "happening">): boolean => sideOf(happening) === "person";
/** A sign of life of a party. Merging two cases puts off no deadline of either, nor does keeping a lease. */
export const isBy = (turn: Turn, party: string): boolean =>
  isPersons(turn) && !isOneOf(turn, "case.merged", "handoff.renewed") && turn.happening.data.actor.party === party;

export function isOneOf<T extends Happening["type"]>(
  turn: { readonly happening: Happening },
  ...types: readonly T[]
): turn is { readonly happening: Happening & EventOf<T> } {
  return (types as readonly string[]).includes(turn.happening.type);
}

export function isProgress(turn: Turn, party: string): boolean {
  const { happening } = turn;
  if (happening.type === "case.confirmed") return true;
  if (happening.type !== "entry.added" || !isBy(turn, party)) return false;
  const { kind, news } = happening.data;
  return kind !== "note" && news;
}

export function isHoldingRestarted(turn: Turn): boolean {
  return (
    turn.before?.holder !== turn.after.holder || isOneOf(turn, "handoff.withdrawn", "handoff.taken", "case.reopened")
  );
}

export const isOutOfHand = (turn: Turn, charged: string): boolean =>
  isSolved(turn.after.status) ||
  turn.after.holder !== charged ||
  isOneOf(turn, "handoff.offered", "crossing.requested", "handoff.withdrawn");

/** The end of the latest live handling of the party; false where it has none. */
export function liveUntil({ happening, after }: Turn, party: string): Instant | false {
  const ends = after.handlings.filter((handling) => handling.party === party).map(({ until }) => until);
  const latest = Math.max(...ends, -Infinity);
  return latest > happening.time && latest;
}

/** Whether a clock that rests for this has to rest. */
export function isWhile({ status, waiting, handoff }: CaseState, pause: Pause): boolean {
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
