import { setTimeout as delay } from "node:timers/promises";
import { type Audit, readAudit, sum } from "../audit.ts";
import type { Platform } from "../platform.ts";

/** The verdict of the platform's own auditor on the replay. */
export type AuditorsVerdict = {
  /** The number of firings that the auditor confirmed. */
  readonly audited: number;
  readonly findings: number;
  /** True if the auditor confirmed the expected number of firings, has no finding, and waits for no firing. */
  readonly agrees: boolean;
};

const patienceMs = 120_000;

/**
 * Reads the auditor's counts before a replay. `verdict` later compares the increase of these counts with the expected
 * number of firings.
 */
export async function watchVerdict({ settings }: Pick<Platform, "settings">): Promise<{
  readonly verdict: (firings: number) => Promise<AuditorsVerdict>;
  /** Returns the current verdict without waiting. */
  readonly check: (firings: number) => Promise<AuditorsVerdict>;
}> {
  const before = await readAudit(settings);
  const judge = (audit: Audit, firings: number): AuditorsVerdict => {
    const audited = sum(audit.told) - sum(before.told);
    const findings = sum(audit.findings) - sum(before.findings);
    return { audited, findings, agrees: audited === firings && findings === 0 && audit.behindMarks === 0 };
  };
  return {
    check: async (firings) => judge(await readAudit(settings).catch(() => before), firings),
    async verdict(firings) {
      for (const started = performance.now(); ; await delay(200)) {
        // The request fails while a killed auditor restarts.
        const audit = await readAudit(settings).catch(() => undefined);
        const verdict = judge(audit ?? before, firings);
        if (verdict.agrees || performance.now() - started > patienceMs) return verdict;
        if (verdict.findings > 0 && audit?.behindMarks === 0) return verdict;
      }
    },
  };
}
