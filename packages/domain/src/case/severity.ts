import type { Severity } from "@crossline/contracts";

/** The rank of each severity: a higher number is more severe. */
export const severityRank: Readonly<Record<Severity, number>> = { minor: 0, major: 1, critical: 2 };
