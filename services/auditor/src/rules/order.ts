import { type Cause, type Instant, timelineKind, topics } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import type { Happening } from "./happening.ts";

// Records of the case and of the hand-off topic each say what of the other topic was known. Where two of them did not know of
// each other, the timer may have read them in either order, and for some pairs the order decides which clock runs from when.

/** Events of the hand-off topic that change whose turn it is, as any sign of life of a person does: they meet every event of a case. */
const turns: readonly Happening["type"][] = [
  "handoff.accepted",
  "handoff.resolved",
  "handoff.returned",
  "handoff.withdrawn",
  "handoff.taken",
];
/** Those that begin a clock of their own where the case is unsolved, or let one rest: they meet events that change that. */
const offers: readonly Happening["type"][] = [
  "handoff.offered",
  "handoff.lapsed",
  "handoff.info-provided",
  "handoff.released",
  "roster.paged",
  "joint.declared",
  "line.exhausted",
  "last-resort.called",
];
const settlings: readonly Happening["type"][] = [
  "case.status-changed",
  "case.recorded",
  "case.resolved",
  "case.reopened",
  "case.confirmed",
  "case.closed",
  "crossing.requested",
  "case.severity-changed",
  "case.moved",
  "case.merged",
];
/** Those that decide whether a case is crossing, as the hand-offs do: in doubt until the next turn. */
const crossings: readonly Happening["type"][] = ["crossing.requested", "case.reopened"];

/** Those that change what is left of clocks that run. */
const recounting: readonly Happening["type"][] = ["case.moved", "case.severity-changed", "case.merged"];

/** About a moment within which nobody knows which event came first; without an end, until the next turn. */
export type Doubt = { readonly from: Instant; to?: Instant };

function isTurn({ type, topic, data }: Happening): boolean {
  return turns.includes(type) || (topic === topics.handoff && !data.actor.automated);
}

const nearMs = 10_000;
const doubtsMax = 10;

/** Notes the order of one event; true where it is anybody's guess. Asked before the event is learned. */
export function isAnyonesGuess(on: AuditedCase, happening: Happening): boolean {
  const { type, time, topic, sequence } = happening;
  const isOfCase = topic === topics.case;
  const met = isOfCase ? metHandoffs(on, type) : metCases(on, happening);
  const isGuess = met !== undefined && knew(happening, isOfCase ? topics.handoff : topics.case) < met;
  if (isGuess) {
    // In one of the orders a person spoke while the case waited already: that ends a silence, which else only rests.
    const waits = on.status === "pending" || (type === "case.status-changed" && happening.data.to === "pending");
    const mixes = waits || crossings.includes(type) || (!isOfCase && knew(happening, topics.case) < on.weight.crossing);
    // What has ended in the one order may have got another target in the other.
    const from = recounting.includes(type) ? 0 : time - nearMs;
    on.doubts = [...on.doubts.slice(1 - doubtsMax), { from, ...(!mixes && { to: time + nearMs }) }];
  } else if (isTurn(happening)) {
    for (const doubt of on.doubts) doubt.to ??= time;
  }
  if (isTurn(happening)) on.weight.turn = sequence;
  if (offers.includes(type)) on.weight.offer = sequence;
  if (settlings.includes(type)) on.weight.settling = sequence;
  if (crossings.includes(type)) on.weight.crossing = sequence;
  return isGuess;
}

/** The last event of the hand-off topic whose order against this event of the case matters. */
function metHandoffs({ weight }: AuditedCase, type: Happening["type"]): number | undefined {
  return settlings.includes(type) ? Math.max(weight.turn, weight.offer) : weight.turn;
}

/** The last event of the case whose order against this event of the hand-off topic matters. */
function metCases({ read, weight }: AuditedCase, happening: Happening): number | undefined {
  if (isTurn(happening)) return read.case;
  return offers.includes(happening.type) ? weight.settling : undefined;
}

function knew({ after = [] }: Happening, topic: string): number {
  return after.find((cause: Cause) => cause.topic === topic)?.sequence ?? 0;
}

/** Whether a clock that began at this instant may be one that runs in another order of the same events. */
export function isDoubtful({ doubts }: AuditedCase, began: Instant): boolean {
  return doubts.some(({ from, to = Infinity }) => from <= began && began <= to);
}

/** On the wall an event may be read after a later one of the other topic: what was owed since may not be owed at all. */
export function forgiveLate(on: AuditedCase, { time, timeline }: Happening): void {
  if (timelineKind(timeline) !== "wall") return;
  on.owed = on.owed.map((owed) => (owed.due >= time && !owed.unsure ? { ...owed, unsure: true } : owed));
}
