import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "./client.ts";
import type { Settings } from "./services.ts";

/** The fields that this package reads from the response to `GET /internal/audit`. */
export type Audit = {
  readonly told: Readonly<Record<string, number>>;
  readonly raced: number;
  readonly unsure: number;
  readonly unaudited: Readonly<Record<string, number>>;
  /** The number of scopes that have an expected firing before their timeline mark. */
  readonly behindMarks: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly watermarks: readonly { readonly beatAt: string }[];
};

/** Reads the report of the auditor of a running platform. */
export function readAudit({ ports, internalKey }: Pick<Settings, "ports" | "internalKey">): Promise<Audit> {
  return createClient(`http://127.0.0.1:${ports.auditor}`, internalKey).get<Audit>("/internal/audit");
}

/** Returns the sum of the counts. */
export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

const everyMs = 5_000;
const silentMs = 30_000;

/**
 * Polls the auditor and reports its new findings. The function also reports when the auditor's heartbeat stops, because
 * an auditor cannot report its own end.
 */
export function watchAudit(settings: Settings, say: (line: string) => void): { readonly stop: () => Promise<void> } {
  const ending = new AbortController();
  let lastFindings: Audit["findings"] | undefined;
  let lastBeatMs = performance.now();
  let newestBeat = "";
  let isSilent = false;

  async function poll(): Promise<void> {
    const audit = await readAudit(settings).catch(() => undefined);
    const beat =
      audit?.watermarks
        .map(({ beatAt }) => beatAt)
        .toSorted()
        .at(-1) ?? "";
    if (beat > newestBeat) lastBeatMs = performance.now();
    newestBeat = beat > newestBeat ? beat : newestBeat;
    const wasSilent = isSilent;
    isSilent = performance.now() - lastBeatMs > silentMs;
    if (isSilent && !wasSilent) say("the auditor's heartbeat has stopped: no program checks whether clocks fire");
    if (!isSilent && wasSilent) say("the auditor's heartbeat is back");
    if (audit === undefined) return;
    for (const [kind, count] of Object.entries(audit.findings)) {
      const more = count - (lastFindings?.[kind] ?? count);
      if (more > 0) say(`ALARM: the auditor found ${more} ${kind}; see /internal/audit/findings`);
    }
    lastFindings = audit.findings;
  }

  async function repeat(): Promise<void> {
    while (!ending.signal.aborted) {
      await poll();
      await delay(everyMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
  }
  const ended = repeat();
  return {
    stop: () => {
      ending.abort();
      return ended;
    },
  };
}
