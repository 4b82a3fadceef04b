import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * The holder of a case and the time of each holder. Intake and routing store the values in their states of the case. At every
 * instant, the times of all parties add up to the time for which the case has been open.
 */
export type HolderTimes = {
  readonly holder: string;
  /** The instant since which the present holder's time counts. `heldMs` does not include the time since this instant. */
  readonly heldSince: Instant;
  readonly heldMs: Readonly<Record<string, DurationMs>>;
  /** The end of the case. Until a reopening, no time after the end counts. */
  readonly endedAt?: Instant | undefined;
};

/** Returns the times of a newly opened case with its first holder. */
export function beginTimes(holder: string, at: Instant): HolderTimes {
  return { holder, heldSince: at, heldMs: {} };
}

/**
 * Changes the holder of the case. If a service reads a change late and `at` is before `heldSince`, the times of the parties do
 * not change.
 */
export function changeHolder<T extends HolderTimes>(times: T, holder: string, at: Instant): T {
  if (holder === times.holder) return times;
  return { ...times, holder, heldSince: Math.max(at, times.heldSince), heldMs: timesByHolder(times, at) };
}

/** Stops the holder's time at the end of the case; a second end changes nothing. */
export function endTimes<T extends HolderTimes>(times: T, at: Instant): T {
  return { ...times, endedAt: times.endedAt ?? at };
}

/** Resumes the times at a reopening. The time between the end and the reopening counts for no party. */
export function resumeTimes<T extends HolderTimes>(times: T, at: Instant): T {
  if (times.endedAt === undefined) return times;
  return { ...times, endedAt: undefined, heldSince: at, heldMs: timesByHolder(times, at) };
}

/** Returns how long each party has held the case at `at`. */
export function timesByHolder(times: HolderTimes, at: Instant): Readonly<Record<string, DurationMs>> {
  const { holder, heldSince, heldMs, endedAt = at } = times;
  return { ...heldMs, [holder]: (heldMs[holder] ?? 0) + Math.max(0, Math.min(at, endedAt) - heldSince) };
}

/** Returns true if a party holds the case or has held it. */
export function hasHeld({ holder, heldMs }: HolderTimes, party: string): boolean {
  return party === holder || Object.hasOwn(heldMs, party);
}
