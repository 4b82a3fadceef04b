import type { Severity } from "@crossline/contracts";

/** The rank of each severity. A more severe case has a higher number. */
export const severityRank: Readonly<Record<Severity, number>> = { minor: 0, major: 1, critical: 2 };
