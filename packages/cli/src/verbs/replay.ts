import { setTimeout as delay } from "node:timers/promises";
import { CommandFault } from "../fault.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { print } from "../print.ts";
import type { RemovalRequest, ReplayRequest } from "../replay/arguments.ts";
import { expectFirings } from "../replay/expected-counts.ts";
import { replayAndJudge } from "../replay/replay-and-judge.ts";
import { takeLease } from "../replay/lease.ts";
import { readLog } from "../replay/log.ts";
import { startProgress } from "../replay/progress.ts";
import { type RemovalCounts, removeAllImports, removeImport } from "../replay/remove.ts";
import { report } from "../replay/report.ts";

const killAt = 0.4;
/**
 * The grace of the auditor, whose default is a minute. The grace is short here, because the end of a replay waits for
 * the auditor's verdict.
 */
const auditGraceMs = 5_000;

/**
 * Runs `replay FILE`. The verb returns 0 if no record was lost, doubled or unexpected and the auditor agrees, and
 * otherwise 1.
 */
export async function replay(request: ReplayRequest): Promise<number> {
  note(`reading ${request.file}`);
  const notes = [...request.line.notes];
  const { mapping, entry } = request;
  const cases = await readLog(request.file, { mapping, entry, note: (text) => notes.push(text) });
  const expected = expectFirings(cases, request.line);
  note(
    `${expected.rows} rows of ${cases.size} cases; ${[...expected.firings].map(([name, set]) => `${set.size} firings of ${name}`).join(", ")} are expected`,
  );
  const platform = await startPlatform({
    broker: request.broker,
    firstPort: request.port,
    auditGraceMs,
    ownDatabase: true,
    say: note,
  });
  const signal = onInterruption();
  try {
    const { crossings, ...judged } = await replayAndJudge(platform, {
      cases,
      line: request.line,
      signal,
      started: (seen) => {
        const progress = startProgress(
          expected.rows,
          () => seen.rows,
          (text) => process.stderr.write(text),
        );
        const killing = killInTheMiddle(platform, request, () => seen.rows / expected.rows);
        return async () => {
          progress.stop();
          await killing;
          note("waiting for the auditor");
        };
      },
    });
    const counts = { ...judged, broker: platform.settings.broker, json: request.json, notes };
    return report(request.reportsCrossings ? { ...counts, crossings } : counts);
  } finally {
    await platform.stop();
  }
}

/** Runs `replay --remove`. The verb removes the data of earlier runs from the installation that `start` uses. */
export async function removeReplays({ timeline, broker, port }: RemovalRequest): Promise<number> {
  const platform = await startPlatform({ broker, firstPort: port, say: note });
  try {
    let removed: RemovalCounts = { imports: 1, keys: 0 };
    const remove = async (): Promise<void> => {
      if (timeline === undefined) removed = await removeAllImports(platform);
      else await removeImport(platform, timeline);
    };
    const { release } = await takeLease(platform.settings.databaseUrls.intake, remove, true);
    await release();
    print(`Removed: ${removed.imports} imports with their cases and lines, ${removed.keys} keys.`);
    print("Their records stay on the topics. The services skip them.");
    return 0;
  } finally {
    await platform.stop();
  }
}

/**
 * Returns an abort signal that Ctrl-C triggers. The run then removes its data. A second Ctrl-C after 1.5 s ends the process at
 * once.
 */
function onInterruption(): AbortSignal {
  const ending = new AbortController();
  let sinceMs: number | undefined;
  const onSignal = (): void => {
    // The terminal signals the whole process group, and pnpm sends the signal again. Two signals within 1.5 s count as
    // one.
    if (sinceMs !== undefined && performance.now() - sinceMs > 1_500) process.exit(130);
    sinceMs ??= performance.now();
    if (!ending.signal.aborted) note("removing the data of this run");
    ending.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return ending.signal;
}

function note(text: string): void {
  process.stderr.write(`» ${text}\n`);
}

async function killInTheMiddle(platform: Platform, { kill }: ReplayRequest, done: () => number): Promise<void> {
  if (kill === undefined) return;
  if (platform.settings.broker === "memory")
    throw new CommandFault("--kill needs Kafka: without it one process hosts all services.");
  while (done() < killAt) await delay(20);
  note(`SIGKILL to ${kill}`);
  platform.kill(kill, "SIGKILL");
}
