import { setTimeout as delay } from "node:timers/promises";
import { CommandFault } from "../fault.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { tell } from "../print.ts";
import type { RemovalRequest, ReplayRequest } from "../replay/arguments.ts";
import { expectFirings } from "../replay/expected-counts.ts";
import { replayAndJudge } from "../replay/replay-and-judge.ts";
import { takeLease } from "../replay/lease.ts";
import { readLog } from "../replay/log.ts";
import { startProgress } from "../replay/progress.ts";
import { type RemovalCounts, removeAllImports, removeImport } from "../replay/remove.ts";
import { report } from "../replay/report.ts";

const killAt = 0.4;
/** A replay's end is near when nothing more is heard: nobody waits a minute for the auditor's word. */
const auditGraceMs = 5_000;

/** `replay FILE`: 0 where nothing was lost, doubled or unexpected and the auditor agrees, else 1. */
export async function replay(wanted: ReplayRequest): Promise<number> {
  note(`reading ${wanted.file}`);
  const notes = [...wanted.line.notes];
  const { mapping, entry } = wanted;
  const cases = await readLog(wanted.file, { mapping, entry, note: (text) => notes.push(text) });
  const expected = expectFirings(cases, wanted.line);
  note(
    `${expected.rows} rows of ${cases.size} cases; ${[...expected.firings].map(([name, set]) => `${set.size} firings of ${name}`).join(", ")} must come out`,
  );
  const platform = await startPlatform({
    broker: wanted.broker,
    firstPort: wanted.port,
    auditGraceMs,
    ownDatabase: true,
    say: note,
  });
  const signal = onInterruption();
  try {
    const { crossings, ...judged } = await replayAndJudge(platform, {
      cases,
      line: wanted.line,
      signal,
      started: (seen) => {
        const progress = startProgress(
          expected.rows,
          () => seen.rows,
          (text) => process.stderr.write(text),
        );
        const killing = killInTheMiddle(platform, wanted, () => seen.rows / expected.rows);
        return async () => {
          progress.stop();
          await killing;
          note("waiting for the auditor");
        };
      },
    });
    const told = { ...judged, broker: platform.settings.broker, json: wanted.json, notes };
    return report(wanted.reportsCrossings ? { ...told, crossings } : told);
  } finally {
    await platform.stop();
  }
}

/** `replay --remove`: removes what earlier runs have left in the installation that `start` uses. */
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
    tell(`Removed: ${removed.imports} imports with their cases and lines, ${removed.keys} keys.`);
    tell("Their records stay on the topics; the services pass them over.");
    return 0;
  } finally {
    await platform.stop();
  }
}

/** Ctrl-C ends a run in order, so that nothing of it is left; a second one, later, ends the process. */
function onInterruption(): AbortSignal {
  const ending = new AbortController();
  let sinceMs: number | undefined;
  const onSignal = (): void => {
    // pnpm passes on what the terminal has sent to the whole group: what comes again at once is the same one.
    if (sinceMs !== undefined && performance.now() - sinceMs > 1_500) process.exit(130);
    sinceMs ??= performance.now();
    if (!ending.signal.aborted) note("removing what this run has made");
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
