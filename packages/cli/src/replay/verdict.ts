import { setTimeout as delay } from "node:timers/promises";
import { type Audit, readAudit, sum } from "../audit.ts";
import type { Platform } from "../platform.ts";

/** What the platform's own auditor made of the replay. */
export type AuditorsVerdict = {
  /** Firings that were just as they had to be. */
  readonly audited: number;
  readonly findings: number;
  /** It saw as many firings as must come out, found nothing, and waits for nothing. */
  readonly agrees: boolean;
};

const patienceMs = 120_000;

/** The auditor's counts before a replay; `verdict` holds what they have become against what must come out. */
export async function watchVerdict({ settings }: Pick<Platform, "settings">): Promise<{
  readonly verdict: (firings: number) => Promise<AuditorsVerdict>;
  /** One look, without waiting. */
  readonly glance: (firings: number) => Promise<AuditorsVerdict>;
}> {
  const before = await readAudit(settings);
  const judge = (audit: Audit, firings: number): AuditorsVerdict => {
    const audited = sum(audit.told) - sum(before.told);
    const findings = sum(audit.findings) - sum(before.findings);
    return { audited, findings, agrees: audited === firings && findings === 0 && audit.behindMarks === 0 };
  };
  return {
    glance: async (firings) => judge(await readAudit(settings).catch(() => before), firings),
    async verdict(firings) {
      for (const started = performance.now(); ; await delay(200)) {
        // One that has been killed is being started again.
        const audit = await readAudit(settings).catch(() => undefined);
        const verdict = judge(audit ?? before, firings);
        if (verdict.agrees || performance.now() - started > patienceMs) return verdict;
        if (verdict.findings > 0 && audit?.behindMarks === 0) return verdict;
      }
    },
  };
}
