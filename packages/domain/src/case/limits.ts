/**
 * The limits of one case. A command beyond a limit is refused with `limit_reached`. The limit of live handlings is per party,
 * so that no party can block another party's people.
 */
export const caseLimits = { entries: 10_000, contacts: 1_000, liveHandlings: 20, events: 100_000 } as const;
