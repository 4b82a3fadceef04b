/**
 * How densely cases come due: about how many were fired in the last tenth of a second. Older ones fade, so nothing is kept
 * of each.
 */
export type Density = {
  readonly recent: number;
  /** On a monotonic clock, in milliseconds. */
  readonly at: number;
};

export const idleDensity: Density = { recent: 0, at: 0 };

const fadeMs = 100;
/** 200 a second: a pause then gathers two. Below, it would make firings late and spare next to nothing. */
const dense = 20;
/** However large a crowd was, it is forgotten within a tenth of a second. */
const recentMax = 2 * dense;
const gatherMs = 10;

/** The density after a pass that fired so many cases at this instant. */
export function densityAfter(before: Density, fired: number, at: number): Density {
  const faded = before.recent * Math.exp((before.at - at) / fadeMs);
  return { recent: Math.min(recentMax, faded + fired), at };
}

/**
 * How long to leave cases to gather after a pass, in milliseconds: 0 while they come due one by one. A transaction costs
 * nearly the same for one case as for ten.
 */
export function pauseMs({ recent }: Density): number {
  return recent >= dense ? gatherMs : 0;
}
