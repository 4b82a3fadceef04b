/** The lines of infra/lines that need no calendar and no pool, so that `bootstrap` can publish them. The first is the default. */
export const templateNames = ["handheld-consumer", "developer-keys", "inquiry"] as const;
