import { setTimeout as delay } from "node:timers/promises";
import { LocalFault, exitWithFault } from "../fault.ts";
import { checkNode } from "../node-version.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { printTable, tell } from "../print.ts";
import { type ReplayArguments, readReplayArguments } from "./arguments.ts";
import { expectFirings } from "./expected.ts";
import { readLog } from "./log.ts";
import { startProgress } from "./progress.ts";
import { replayLog } from "./replay.ts";
import type { Tally } from "./tally.ts";

const killAt = 0.4;

async function main(): Promise<number> {
  checkNode();
  const wanted = readReplayArguments(process.argv.slice(2));
  const note = (text: string): void => void process.stderr.write(`» ${text}\n`);
  note(`reading ${wanted.file}`);
  const cases = await readLog(wanted.file, wanted.mapping);
  const expected = expectFirings(cases, wanted.idles);
  note(
    `${expected.rows} rows of ${expected.rowsOfCase.size} cases; ${[...expected.firings].map(([name, set]) => `${set.size} firings of ${name}`).join(", ")} must come out`,
  );
  const platform = await startPlatform({ broker: wanted.broker, firstPort: wanted.port, say: note });
  process.once("SIGINT", () => void platform.stop().finally(() => process.exit(1)));
  try {
    const { tally, seconds } = await replayLog(platform, {
      cases,
      idles: wanted.idles,
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
        };
      },
    });
    return report(wanted, tally, seconds, platform.settings.broker);
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

function report({ json, idles }: ReplayArguments, tally: Tally, seconds: number, broker: string): number {
  const { cases, rows: events, firings, lost, doubled, redelivered, unexpected } = tally;
  const rounded = Math.round(seconds * 100) / 100;
  const eventsPerSecond = Math.round(events / seconds);
  printTable(
    [
      ["cases", cases],
      ["events", events],
      ...idles.map(({ name }) => [`firings of ${name}`, firings[name] ?? 0]),
      ["lost", lost],
      ["doubled", doubled],
      ["redelivered", redelivered],
      ["not expected", unexpected],
      ["seconds", rounded],
      ["events per second", eventsPerSecond],
      ["broker", broker],
    ].map(([what, value]) => ({ what: String(what), value: String(value) })),
  );
  if (json) {
    tell(
      JSON.stringify({ cases, events, firings, lost, doubled, redelivered, seconds: rounded, eventsPerSecond, broker }),
    );
  }
  return lost === 0 && doubled === 0 && unexpected === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), exitWithFault);
