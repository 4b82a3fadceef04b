/**
 * The approximate number of cases that fired in the last tenth of a second. The number decays exponentially, so no list of firings is
 * necessary.
 */
export type Density = {
  readonly recent: number;
  /** The instant of the last pass on a monotonic clock, in milliseconds. */
  readonly at: number;
};

/** The density before the first pass. */
export const idleDensity: Density = { recent: 0, at: 0 };

const fadeMs = 100;
/**
 * At this density (20 cases in a tenth of a second), two cases come due during one pause of 10 ms. At a lower density, a pause would
 * delay firings and save almost nothing.
 */
const dense = 20;
/**
 * The limit of the density. Because of the limit, the density falls below `dense` within a tenth of a second even after a large
 * burst.
 */
const recentMax = 2 * dense;
const gatherMs = 10;

/** Returns the density after a pass that fired `fired` cases at the instant `at`. */
export function densityAfter(before: Density, fired: number, at: number): Density {
  const faded = before.recent * Math.exp((before.at - at) / fadeMs);
  return { recent: Math.min(recentMax, faded + fired), at };
}

/**
 * Returns the length of the pause after a pass, in milliseconds: 0 below the density `dense`. One transaction fires all cases that
 * come due during a pause. A transaction costs almost the same for one case as for ten.
 */
export function pauseMs({ recent }: Density): number {
  return recent >= dense ? gatherMs : 0;
}
