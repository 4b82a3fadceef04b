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
import { type AuditorsVerdict, watchVerdict } from "./verdict.ts";

const killAt = 0.4;
/** A replay's end is near when nothing more is heard: nobody waits a minute for the auditor's word. */
const auditGraceMs = 5_000;

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
  const platform = await startPlatform({ broker: wanted.broker, firstPort: wanted.port, auditGraceMs, say: note });
  process.once("SIGINT", () => void platform.stop().finally(() => process.exit(1)));
  try {
    const auditor = await watchVerdict(platform);
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
    note("waiting for the auditor");
    const firings = [...expected.firings.values()].reduce((all, { size }) => all + size, 0);
    return report(wanted, tally, await auditor.verdict(firings), seconds, platform.settings.broker);
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

function report(
  { json, idles }: ReplayArguments,
  tally: Tally,
  auditor: AuditorsVerdict,
  seconds: number,
  broker: string,
): number {
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
      ["firings that the auditor expected", auditor.audited],
      ["findings of the auditor", auditor.findings],
      ["the auditor agrees", auditor.agrees ? "yes" : "NO"],
      ["seconds", rounded],
      ["events per second", eventsPerSecond],
      ["broker", broker],
    ].map(([what, value]) => ({ what: String(what), value: String(value) })),
  );
  if (json) {
    tell(
      JSON.stringify({
        cases,
        events,
        firings,
        lost,
        doubled,
        redelivered,
        auditor,
        seconds: rounded,
        eventsPerSecond,
        broker,
      }),
    );
  }
  return lost === 0 && doubled === 0 && unexpected === 0 && auditor.agrees ? 0 : 1;
}

main().then((code) => process.exit(code), exitWithFault);
