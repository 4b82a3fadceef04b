/** The number of random histories of a property. `npx -y pnpm test:random` sets a larger number. */
export const propertyRuns = Number(process.env["PROPERTY_RUNS"] ?? 1_000);
