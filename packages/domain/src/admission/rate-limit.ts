/** What is let in, and what the next look must know of the last ones. */
export type RateLimit = {
  /** Commands; `Infinity`: the gate is open. */
  readonly perSecond: number;
  /** What waited at the last look. */
  readonly backlog: number;
  /** Looks for which it does not close further: the last time does not show before. */
  readonly hold: number;
};

export const noRateLimit: RateLimit = { perSecond: Infinity, backlog: 0, hold: 0 };

/** What was seen since the last look. */
export type AdmissionSample = {
  /** Records that wait anywhere between a command and its effects. */
  readonly backlog: number;
  /** Commands that were let in, a second. */
  readonly admitted: number;
};

/** The gate never closes further: a part that stands still must not stop the desks, whose cases are safe in the outbox. */
export const leastPerSecond = 100;
const growth = 1.04;
const mostFactor = 0.9;
const leastFactor = 0.7;
const leastFactorFromOpen = 0.3;
const patienceSamples = 2;
/** A gate that is this far above what comes in holds nobody up. */
const liftFactor = 3;

/**
 * The next gate, four looks a second. While more waits than the limit and does not fall: multiplicative decrease, by as much as the
 * limit is passed, then two looks of patience, as what waits shows half a second late. Held while more than half of the
 * limit waits. Below: a sixth more each second. (Without the patience the gate swung, and a platform under thrice its load did
 * 0.6 of what it can instead of 0.9; an additive increase, as TCP has it, took half a minute back to normal.)
 */
export function nextRateLimit(
  gate: RateLimit,
  { backlog, admitted }: AdmissionSample,
  backlogLimit: number,
): RateLimit {
  const hold = Math.max(0, gate.hold - 1);
  const { perSecond } = gate;
  if (backlog > backlogLimit) {
    // What waits while nobody came in is not what came in; closing would not help it.
    if (admitted === 0 || gate.hold > 0 || backlog < gate.backlog) return { perSecond, backlog, hold };
    const least = perSecond === Infinity ? leastFactorFromOpen : leastFactor;
    const factor = Math.min(mostFactor, Math.max(least, backlogLimit / backlog));
    const closer = Math.max(leastPerSecond, Math.min(perSecond, admitted) * factor);
    return { perSecond: closer, backlog, hold: patienceSamples };
  }
  if (backlog > backlogLimit / 2 || perSecond === Infinity) return { perSecond, backlog, hold };
  const wider = perSecond * growth;
  const holdsUp = wider <= liftFactor * Math.max(admitted, leastPerSecond);
  return { perSecond: holdsUp ? wider : Infinity, backlog, hold };
}
