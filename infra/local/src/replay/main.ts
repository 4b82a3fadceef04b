import { setTimeout as delay } from "node:timers/promises";
import { LocalFault, exitWithFault } from "../fault.ts";
import { checkNode } from "../node-version.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { type ReplayArguments, readReplayArguments } from "./arguments.ts";
import { expectFirings } from "./expected.ts";
import { replayJudged } from "./judged.ts";
import { readLog } from "./log.ts";
import { startProgress } from "./progress.ts";
import { report } from "./report.ts";

const killAt = 0.4;
/** A replay's end is near when nothing more is heard: nobody waits a minute for the auditor's word. */
const auditGraceMs = 5_000;

async function main(): Promise<number> {
  checkNode();
  const wanted = readReplayArguments(process.argv.slice(2));
  const note = (text: string): void => void process.stderr.write(`» ${text}\n`);
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
  process.once("SIGINT", () => void platform.stop().finally(() => process.exit(1)));
  try {
    const { crossings, ...judged } = await replayJudged(platform, {
      cases,
      line: wanted.line,
      started: (seen) => {
        const progress = startProgress(
          expected.rows,
          () => seen.rows,
          (text) => process.stderr.write(text),
        );
        const killing = killInTheMiddle(platform, wanted, () => seen.rows / expected.rows, note);
        return async () => {
          progress.stop();
          await killing;
          note("waiting for the auditor");
        };
      },
    });
    const told = { ...judged, broker: platform.settings.broker, json: wanted.json, notes };
    return report(wanted.tellsCrossings ? { ...told, crossings } : told);
  } finally {
    await platform.stop();
  }
}

async function killInTheMiddle(
  platform: Platform,
  { kill }: ReplayArguments,
  done: () => number,
  note: (text: string) => void,
): Promise<void> {
  if (kill === undefined) return;
  if (platform.settings.broker === "memory")
    throw new LocalFault("--kill needs Kafka: without it one process hosts all services.");
  while (done() < killAt) await delay(20);
  note(`SIGKILL to ${kill}`);
  platform.kill(kill, "SIGKILL");
}

main().then((code) => process.exit(code), exitWithFault);
