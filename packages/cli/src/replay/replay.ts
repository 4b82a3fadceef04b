import { setTimeout as delay } from "node:timers/promises";
import { ResponseFault, type Client } from "../client.ts";
import type { Platform } from "../platform.ts";
import { type ImportRun, withImportRun } from "./import-run.ts";
import { expectFirings } from "./expected-counts.ts";
import type { LogRow } from "./log-row.ts";
import { observeKafka } from "./observe.ts";
import type { ObservedLine } from "./observed-line.ts";
import { sendRows } from "./send.ts";
import { type Breach, Tally } from "./tally.ts";

const silentMs = 30_000;
/**
 * Records of several topics arrive in any order and with short interruptions. After 2 s without a record, the replay
 * ends only if the auditor agrees.
 */
const shortSilenceMs = 2_000;

type Place = Pick<Platform, "url" | "settings" | "isDisposable" | "kafka">;

export type ReplayOptions = {
  readonly cases: ReadonlyMap<string, readonly LogRow[]>;
  /** The observing line, which has only idle clocks or is a copy of another line. */
  readonly line: ObservedLine;
  readonly onBreach?: (breach: Breach) => void;
  /**
   * The replay calls this function before it sends the first row. The replay calls the returned function after the last
   * expected record.
   */
  readonly started?: (seen: { readonly rows: number }) => () => Promise<void>;
  /**
   * Returns true if the replay is complete. The caller must pass this function if the file alone does not determine the
   * expected records.
   */
  readonly isSettled?: (fired: number) => Promise<boolean>;
  /** Runs when the replay is complete, before its data is removed. */
  readonly judge?: (tally: Tally) => Promise<void>;
  /** An abort ends the run early. The function rejects after it has removed the data of the run. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Sends a recorded history through the running services as an import, and counts the records in the broker. `seconds`
 * is the time from the first row to the last record. At the end the function removes the data of the run.
 */
export async function replayLog(
  platform: Place,
  options: ReplayOptions,
): Promise<{ readonly tally: Tally; readonly seconds: number }> {
  const { judge = () => Promise.resolve(), signal } = options;
  const run = async (desk: ImportRun) => {
    const result = await importLog(platform, desk, options);
    await judge(result.tally);
    return result;
  };
  return withImportRun(platform, options.line, run, signal);
}

async function importLog(
  platform: Place,
  { client, key, timeline, line: name }: ImportRun,
  { cases, line, onBreach, started = () => () => Promise.resolve(), isSettled, signal }: ReplayOptions,
): Promise<{ readonly tally: Tally; readonly seconds: number }> {
  const tally = new Tally(expectFirings(cases, line), timeline, onBreach);
  const observer = await observe(platform, tally);
  try {
    const finished = started(tally);
    const startedAt = performance.now();
    const rows = [...cases.values()].flat();
    await sendRows({ url: platform.url, key, client, timeline, line: name, rows, signal });
    const lastMs = rows.reduce((latest, { time }) => Math.max(latest, time), 0);
    await endTimeline(client, timeline, lastMs + line.beyondMs);
    await untilComplete(tally, startedAt, isSettled);
    await finished();
    await delay(500); // Waits a moment for duplicates, because a duplicate arrives soon after its original.
    tally.finish();
    return { tally, seconds: (tally.lastSeenMs - startedAt) / 1_000 };
  } finally {
    await observer.stop();
  }
}

async function observe(platform: Place, tally: Tally): Promise<{ readonly stop: () => Promise<void> }> {
  const { kafka } = platform;
  if (kafka !== undefined) return observeKafka(kafka, (record) => tally.take(record));
  const { observeInProcess } = await import("../in-process.ts");
  return observeInProcess((record) => tally.take(record));
}

async function endTimeline(client: Client, timeline: string, markMs: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.post(`/v1/timelines/${timeline}/end`, { mark: new Date(markMs).toISOString() });
      return;
    } catch (error) {
      if (attempt === 50 || (error instanceof ResponseFault && error.status < 500 && error.status !== 409)) throw error;
      await delay(300); // The service is restarting.
    }
  }
}

/** Waits until all expected records have arrived, or until no record has arrived for half a minute. */
async function untilComplete(
  tally: Tally,
  started: number,
  isSettled: ((fired: number) => Promise<boolean>) | undefined,
): Promise<void> {
  for (;;) {
    if (tally.isComplete) {
      if (isSettled === undefined) return;
      if (performance.now() - tally.lastSeenMs > shortSilenceMs && (await isSettled(tally.fired))) return;
    }
    await delay(50);
    if (performance.now() - Math.max(tally.lastSeenMs, started) > silentMs) return;
  }
}
