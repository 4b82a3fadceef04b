/** How many commands a second are let in; `Infinity`: the gate is open. */
export type Gate = { readonly perSecond: number };

export const openGate: Gate = { perSecond: Infinity };

/** What was seen since the last look. */
export type Pressure = {
  /** Records that wait anywhere between a command and its effects. */
  readonly backlog: number;
  /** Commands that were let in, a second. */
  readonly admitted: number;
};

/** The gate never closes further: a part that stands still must not stop the desks, whose cases are safe in the outbox. */
export const admittedAtLeast = 100;
const growth = 1.25;
const leastFactor = 0.4;
const mostFactor = 0.85;
/** A gate that is this far above what comes in holds nobody up. */
const openFrom = 4;

/**
 * The next gate, a few looks a second: multiplicative decrease while more waits than the limit, by as much as it is passed;
 * hold while more than half of it waits; multiplicative increase below. (An additive increase, as TCP has it, took half a
 * minute back to normal after a burst.) A command too many is late by what waits before it, one too few is asked again in a second:
 * hence the quicker way down.
 */
export function nextGate(gate: Gate, { backlog, admitted }: Pressure, backlogLimit: number): Gate {
  // What waits while nobody came in is not what came in; closing would not help it.
  if (backlog > backlogLimit && admitted === 0) return gate;
  if (backlog > backlogLimit) {
    const factor = Math.min(mostFactor, Math.max(leastFactor, backlogLimit / backlog));
    return { perSecond: Math.max(admittedAtLeast, Math.min(gate.perSecond, admitted) * factor) };
  }
  if (backlog > backlogLimit / 2 || gate.perSecond === Infinity) return gate;
  const perSecond = gate.perSecond * growth;
  return perSecond > openFrom * Math.max(admitted, admittedAtLeast) ? openGate : { perSecond };
}
