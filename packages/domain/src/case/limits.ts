/**
 * The limits of one case. A command beyond a limit is refused with `limit_reached`. The limit of live handlings applies to each
 * party, so that no party can block the people of another party.
 */
export const caseLimits = { entries: 10_000, contacts: 1_000, liveHandlings: 20, events: 100_000 } as const;
