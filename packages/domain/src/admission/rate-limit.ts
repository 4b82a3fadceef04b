/** The current rate limit, with the values of the last sample that the next calculation needs. */
export type RateLimit = {
  /** Commands per second; `Infinity` means that no limit applies. */
  readonly perSecond: number;
  /** The backlog at the last sample. */
  readonly backlog: number;
  /** The number of remaining samples in which the limit must not fall. The backlog does not show the last reduction yet. */
  readonly hold: number;
};

export const noRateLimit: RateLimit = { perSecond: Infinity, backlog: 0, hold: 0 };

/** The measurements since the last sample. */
export type AdmissionSample = {
  /** The number of records that wait at any place between a command and its effects. */
  readonly backlog: number;
  /** The number of commands that intake admitted per second. */
  readonly admitted: number;
};

/**
 * The lowest limit. CRMs and desks must be able to work even if a service has stopped. Until the service starts again, the
 * outbox saves the events of all cases.
 */
export const leastPerSecond = 100;
const growth = 1.04;
const mostFactor = 0.9;
const leastFactor = 0.7;
const leastFactorFromOpen = 0.3;
const patienceSamples = 2;
/**
 * If the limit is higher than this factor times the admitted rate, the limit delays no command, so intake removes the limit.
 */
const liftFactor = 3;

/**
 * Returns the next rate limit. Intake calls this function four times a second. If the backlog is above `backlogLimit` and does
 * not fall, the limit shrinks in proportion to the excess. After a reduction, the limit stays the same for two samples, because
 * the backlog shows the effect half a second late. If the backlog is between half of `backlogLimit` and `backlogLimit`, the
 * limit does not change. If the backlog is below half of `backlogLimit`, the limit grows by a sixth each second. When the limit
 * could fall at every sample, it oscillated. At a load of three times its capacity, an installation with an oscillating limit
 * reached 0.6 of the capacity instead of 0.9. When the limit grew by a constant amount, as in TCP, the return to the normal
 * rate took half a minute.
 */
export function nextRateLimit(
  limit: RateLimit,
  { backlog, admitted }: AdmissionSample,
  backlogLimit: number,
): RateLimit {
  const hold = Math.max(0, limit.hold - 1);
  const { perSecond } = limit;
  if (backlog > backlogLimit) {
    // If no command was admitted, the backlog has another cause, and a lower limit would not reduce the backlog.
    if (admitted === 0 || limit.hold > 0 || backlog < limit.backlog) return { perSecond, backlog, hold };
    const least = perSecond === Infinity ? leastFactorFromOpen : leastFactor;
    const factor = Math.min(mostFactor, Math.max(least, backlogLimit / backlog));
    const lower = Math.max(leastPerSecond, Math.min(perSecond, admitted) * factor);
    return { perSecond: lower, backlog, hold: patienceSamples };
  }
  if (backlog > backlogLimit / 2 || perSecond === Infinity) return { perSecond, backlog, hold };
  const higher = perSecond * growth;
  const isLimiting = higher <= liftFactor * Math.max(admitted, leastPerSecond);
  return { perSecond: isLimiting ? higher : Infinity, backlog, hold };
}
