import {
  type ClockKind,
  type DurationMs,
  type EventOf,
  type Instant,
  type CaseEvent,
  type HandoffEvent,
  parseDuration,
} from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import type { Meter } from "./meter.ts";

/** What happens to a case, from the case and hand-off topics. */
export type Happening = Exclude<CaseEvent, { type: "timeline.marked" }> | HandoffEvent;

/** The case before and after a happening. */
export type Turn = {
  readonly happening: Happening;
  readonly before: { readonly holder: string; readonly status: string } | undefined;
  readonly after: AuditedCase;
};

/** How a clock begins, where it differs from: now, charged to the holder, with the line's target, without an end in sight. */
export type Beginning = {
  readonly charged?: string;
  readonly incarnation?: string;
  readonly target?: DurationMs;
  readonly until?: Instant;
  readonly isLive?: boolean;
};

/** The rules of a kind, each a sentence of domain.md 2; README.md says them in words. */
export type Rules = {
  readonly ends: (turn: Turn, clock: Pick<Meter, "charged" | "incarnation" | "began">) => boolean;
  readonly begins: (turn: Turn) => Beginning | false;
  /** Whether time counts after this happening: for ever, until an instant, or not. Without it: always. */
  readonly counts?: (turn: Turn, clock: { readonly charged: string }) => Instant | boolean;
};

const closed = ["closed", "rejected", "cancelled"];
const live = ["phone", "chat", "store"];
const graceMs = 180_000;

const isOver = ({ after }: Turn): boolean => closed.includes(after.status);
const isSolved = ({ after }: Turn): boolean => after.status === "resolved" || closed.includes(after.status);
const isHuman = ({ happening }: Turn): boolean => !happening.data.actor.automated;
const isBy = (turn: Turn, party: string): boolean => isHuman(turn) && turn.happening.data.actor.party === party;
const isOneOf = ({ happening }: Turn, ...types: Happening["type"][]): boolean => types.includes(happening.type);

function isAnswer(turn: Turn): boolean {
  const { happening } = turn;
  if (!isHuman(turn)) return false;
  if (happening.type === "case.contacted")
    return happening.data.direction === "outbound" && happening.data.content === "answer";
  return happening.type === "handling.started";
}

function isProgress(turn: Turn, party: string): boolean {
  const { happening } = turn;
  if (happening.type === "case.confirmed") return true;
  if (happening.type !== "entry.added" || !isBy(turn, party)) return false;
  const { kind, by, news } = happening.data;
  return kind !== "note" && by === "party" && news;
}

function isHeldAnew(turn: Turn): boolean {
  return (
    turn.before?.holder !== turn.after.holder || isOneOf(turn, "handoff.withdrawn", "handoff.taken", "case.reopened")
  );
}

/** Until when a person of the party is live with the customer; false where nobody is. */
function liveUntil({ happening, after }: Turn, party: string): Instant | false {
  const ends = after.handlings.filter((handling) => handling.party === party).map(({ beatAt }) => beatAt + graceMs);
  const latest = Math.max(...ends, -Infinity);
  return latest > happening.time && latest;
}

const isOutOfHand = (turn: Turn, charged: string): boolean =>
  isSolved(turn) ||
  turn.after.holder !== charged ||
  isOneOf(turn, "handoff.offered", "crossing.requested", "handoff.withdrawn");

const handlingTime: Pick<Rules, "begins" | "counts"> = {
  begins: (turn) => {
    if (turn.after.crossed || isSolved(turn)) return false;
    const until = liveUntil(turn, turn.after.holder);
    return until !== false && { until };
  },
  counts: (turn, { charged }) => liveUntil(turn, charged),
};

/** Rules by kind, or that there are none: then every clock of the kind is reported as unaudited. A new kind must choose. */
export const rules: Readonly<Record<ClockKind, Rules | "unaudited">> = {
  "first-response": {
    ends: (turn) => isAnswer(turn) || isOver(turn),
    begins: (turn) =>
      turn.happening.type === "case.opened" && !isOver(turn) && { isLive: live.includes(turn.happening.data.channel) },
  },
  "stall.busy": {
    ends: (turn, { charged }) => isProgress(turn, charged) || isOutOfHand(turn, charged),
    ...handlingTime,
  },
  "handling.limit": { ends: (turn, { charged }) => isOutOfHand(turn, charged), ...handlingTime },
  "stall.idle": {
    ends: (turn, { charged, began }) =>
      isSolved(turn) ||
      (turn.after.status === "pending" && isHuman(turn)) ||
      (isBy(turn, charged) && turn.happening.time >= began) ||
      isHeldAnew(turn),
    begins: (turn) => !isSolved(turn) && turn.after.status !== "pending" && {},
    counts: ({ after }) => after.status !== "pending",
  },
  "vendor.acceptance": {
    ends: (turn, { incarnation }) =>
      isSolved(turn) ||
      (isOneOf(turn, "handoff.accepted", "handoff.rejected", "handoff.lapsed", "handoff.withdrawn") &&
        (turn.happening as EventOf<"handoff.accepted">).data.handoffId === incarnation),
    begins: (turn) => {
      if (turn.happening.type !== "handoff.offered" || isSolved(turn)) return false;
      const { handoffId: incarnation, vendor: charged, acceptWithin } = turn.happening.data;
      return { incarnation, charged, ...(acceptWithin !== undefined && { target: parseDuration(acceptWithin) }) };
    },
  },
  confirmation: {
    ends: (turn) => turn.after.status !== "resolved" || isOneOf(turn, "case.confirmed"),
    begins: (turn) => isOneOf(turn, "case.resolved") && { charged: turn.after.carrier },
  },
  information: {
    ends: ({ after }) => after.status !== "pending",
    begins: ({ before, after }) => after.status === "pending" && before?.status !== "pending" && {},
  },
  "last-resort": {
    ends: (turn) => isSolved(turn) || isOneOf(turn, "handoff.taken", "last-resort.called"),
    begins: (turn) =>
      turn.happening.type === "last-resort.called" &&
      !isSolved(turn) && { charged: turn.after.carrier, target: parseDuration(turn.happening.data.next) },
  },
  "next-update": "unaudited",
  joint: "unaudited",
  resolution: "unaudited",
  "need-by": "unaudited",
  promise: "unaudited",
};

/** Whether clocks of this kind are held against rules of the auditor's own. */
export function isAudited(kind: ClockKind): boolean {
  return rules[kind] !== "unaudited";
}
