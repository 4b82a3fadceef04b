import type { Severity } from "@crossline/contracts";

/** The higher, the more severe. */
export const severityRank: Readonly<Record<Severity, number>> = { minor: 0, major: 1, critical: 2 };
