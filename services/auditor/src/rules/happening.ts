import type { CaseEvent, CaseStatus, EventOf, HandoffEvent, Instant, Pause, Severity } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import type { AuditedLine } from "./line.ts";

/** What happens to a case, from the case and hand-off topics. */
export type Happening = Exclude<CaseEvent, { type: "timeline.marked" }> | HandoffEvent;

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
  readonly after: AuditedCase;
  readonly line: AuditedLine;
};

const closed: readonly CaseStatus[] = ["closed", "rejected", "cancelled"];
const graceMs = 180_000;

export const isOver = ({ after }: Pick<Turn, "after">): boolean => closed.includes(after.status);
export const isSolved = (turn: Pick<Turn, "after">): boolean => turn.after.status === "resolved" || isOver(turn);
export const isHuman = ({ happening }: Pick<Turn, "happening">): boolean => !happening.data.actor.automated;
/** A sign of life. Merging two cases puts off no deadline of either. */
export const isBy = (turn: Turn, party: string): boolean =>
  isHuman(turn) && turn.happening.type !== "case.merged" && turn.happening.data.actor.party === party;

export function isOneOf<T extends Happening["type"]>(
  turn: { readonly happening: Happening },
  ...types: readonly T[]
): turn is { readonly happening: Happening & EventOf<T> } {
  return (types as readonly string[]).includes(turn.happening.type);
}

export function isAnswer(happening: Happening): boolean {
  if (!isHuman({ happening })) return false;
  if (happening.type === "case.contacted")
    return happening.data.direction === "outbound" && happening.data.content === "answer";
  return happening.type === "handling.started";
}

export function isProgress(turn: Turn, party: string): boolean {
  const { happening } = turn;
  if (happening.type === "case.confirmed") return true;
  if (happening.type !== "entry.added" || !isBy(turn, party)) return false;
  const { kind, by, news } = happening.data;
  return kind !== "note" && by === "party" && news;
}

export function isHeldAnew(turn: Turn): boolean {
  return (
    turn.before?.holder !== turn.after.holder || isOneOf(turn, "handoff.withdrawn", "handoff.taken", "case.reopened")
  );
}

export const isOutOfHand = (turn: Turn, charged: string): boolean =>
  isSolved(turn) ||
  turn.after.holder !== charged ||
  isOneOf(turn, "handoff.offered", "crossing.requested", "handoff.withdrawn");

/** Until when a person of the party is live with the customer; false where nobody is. */
export function liveUntil({ happening, after }: Turn, party: string): Instant | false {
  const ends = after.handlings.filter((handling) => handling.party === party).map(({ beatAt }) => beatAt + graceMs);
  const latest = Math.max(...ends, -Infinity);
  return latest > happening.time && latest;
}

/** Whether a clock that rests for this has to rest. */
export function isWhile({ status, waiting, handoff }: AuditedCase, pause: Pause): boolean {
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
