/**
 * Limits of one case; the command beyond is refused with `limit_reached`. That of live handlings is for each party: none can keep
 * another's people from the customer.
 */
export const caseLimits = { entries: 10_000, contacts: 1_000, liveHandlings: 20, events: 100_000 } as const;
