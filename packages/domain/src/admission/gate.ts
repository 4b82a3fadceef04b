/** How many commands a second are let in; `Infinity`: the gate is open. `backlog` is what waited at the last look. */
export type Gate = { readonly perSecond: number; readonly backlog: number };

export const openGate: Gate = { perSecond: Infinity, backlog: 0 };

/** What was seen since the last look. */
export type Pressure = {
  /** Records that wait anywhere between a command and its effects. */
  readonly backlog: number;
  /** Commands that were let in, a second. */
  readonly admitted: number;
};

/** The gate never closes further: a part that stands still must not stop the desks, whose cases are safe in the outbox. */
export const admittedAtLeast = 100;
const growth = 1.08;
const leastFactor = 0.5;
const mostFactor = 0.9;
/** What waits falls by itself: what was done about it shows. */
const fallsBelow = 0.9;
/** A gate that is this far above what comes in holds nobody up. */
const openFrom = 3;

/**
 * The next gate, four looks a second. While more waits than the limit: multiplicative decrease, by as much as it is passed, but
 * none while what waits falls already. Held while more than half of the limit waits. Below: a third more each second. (Twice
 * as much each second swung between nothing and too much, as what waits shows half a second late; an additive increase, as TCP
 * has it, took half a minute back to normal.)
 */
export function nextGate(gate: Gate, { backlog, admitted }: Pressure, backlogLimit: number): Gate {
  return { perSecond: nextRate(gate, { backlog, admitted }, backlogLimit), backlog };
}

function nextRate({ perSecond, backlog: before }: Gate, { backlog, admitted }: Pressure, backlogLimit: number): number {
  if (backlog > backlogLimit) {
    // What waits while nobody came in is not what came in; closing would not help it.
    if (admitted === 0 || backlog < before * fallsBelow) return perSecond;
    const factor = Math.min(mostFactor, Math.max(leastFactor, backlogLimit / backlog));
    return Math.max(admittedAtLeast, Math.min(perSecond, admitted) * factor);
  }
  if (backlog > backlogLimit / 2 || perSecond === Infinity) return perSecond;
  const next = perSecond * growth;
  return next > openFrom * Math.max(admitted, admittedAtLeast) ? Infinity : next;
}
