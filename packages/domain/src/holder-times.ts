import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * Who holds a case, and how long each party has held it. Intake and routing keep one each, as a part of the case's state. At every
 * instant the times of all parties add up to the time for which the case has been open.
 */
export type HolderTimes = {
  readonly holder: string;
  /** Since when the holder's time counts, beyond what `heldMs` has of it. */
  readonly heldSince: Instant;
  readonly heldMs: Readonly<Record<string, DurationMs>>;
  /** When the case was over: no party's time counts from then on, until the case is reopened. */
  readonly endedAt?: Instant | undefined;
};

/** The times of a case that is opened: its first holder has it. */
export function beginTimes(holder: string, at: Instant): HolderTimes {
  return { holder, heldSince: at, heldMs: {} };
}

/**
 * Moves the case to a holder. A service may read of it late: an instant before the holder's time began, by a reopening or an
 * earlier move, changes the holder alone.
 */
export function changeHolder<T extends HolderTimes>(times: T, holder: string, at: Instant): T {
  if (holder === times.holder) return times;
  return { ...times, holder, heldSince: Math.max(at, times.heldSince), heldMs: timesByHolder(times, at) };
}

/** The case is over. What is over already ended when it first did. */
export function endTimes<T extends HolderTimes>(times: T, at: Instant): T {
  return { ...times, endedAt: times.endedAt ?? at };
}

/** The case goes on; the time since its end is no party's. */
export function resumeTimes<T extends HolderTimes>(times: T, at: Instant): T {
  if (times.endedAt === undefined) return times;
  return { ...times, endedAt: undefined, heldSince: at, heldMs: timesByHolder(times, at) };
}

/** How long each party has held the case by `at`. */
export function timesByHolder(times: HolderTimes, at: Instant): Readonly<Record<string, DurationMs>> {
  const { holder, heldSince, heldMs, endedAt = at } = times;
  return { ...heldMs, [holder]: (heldMs[holder] ?? 0) + Math.max(0, Math.min(at, endedAt) - heldSince) };
}

/** Whether a party holds the case or has held it. */
export function hasHeld({ holder, heldMs }: HolderTimes, party: string): boolean {
  return party === holder || Object.hasOwn(heldMs, party);
}
