import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "./client.ts";
import type { Settings } from "./services.ts";

/** What `GET /internal/audit` says, as far as it is looked at here. */
export type Audit = {
  readonly told: Readonly<Record<string, number>>;
  readonly raced: number;
  readonly unsure: number;
  readonly unaudited: Readonly<Record<string, number>>;
  /** Timelines and partitions in which something is owed behind the mark. */
  readonly behindMarks: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly watermarks: readonly { readonly beatAt: string }[];
};

/** Asks the auditor of a running platform. */
export function readAudit({ ports, internalKey }: Pick<Settings, "ports" | "internalKey">): Promise<Audit> {
  return createClient(`http://127.0.0.1:${ports.auditor}`, internalKey).get<Audit>("/internal/audit");
}

/** The sum of a tally. */
export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

const everyMs = 5_000;
const silentMs = 30_000;

/** Says when the auditor finds something, and, since a dead one cannot speak for itself, when its heartbeat stops. */
export function watchAudit(settings: Settings, say: (line: string) => void): { readonly stop: () => Promise<void> } {
  const ending = new AbortController();
  let known: Audit["findings"] | undefined;
  let heardAt = performance.now();
  let newestBeat = "";
  let isSilent = false;

  async function look(): Promise<void> {
    const audit = await readAudit(settings).catch(() => undefined);
    const beat =
      audit?.watermarks
        .map(({ beatAt }) => beatAt)
        .toSorted()
        .at(-1) ?? "";
    if (beat > newestBeat) heardAt = performance.now();
    newestBeat = beat > newestBeat ? beat : newestBeat;
    const wasSilent = isSilent;
    isSilent = performance.now() - heardAt > silentMs;
    if (isSilent && !wasSilent) say("the auditor's heartbeat has stopped: nobody sees whether escalations fire");
    if (!isSilent && wasSilent) say("the auditor's heartbeat is back");
    if (audit === undefined) return;
    for (const [kind, count] of Object.entries(audit.findings)) {
      const more = count - (known?.[kind] ?? count);
      if (more > 0) say(`ALARM: the auditor found ${more} ${kind}; see /internal/audit/findings`);
    }
    known = audit.findings;
  }

  async function repeat(): Promise<void> {
    while (!ending.signal.aborted) {
      await look();
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
