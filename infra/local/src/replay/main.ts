import { setTimeout as delay } from "node:timers/promises";
import { formatDuration } from "@crossline/contracts";
import { AnswerFault, type Client, createClient } from "../client.ts";
import { LocalFault, exitWithFault } from "../fault.ts";
import { checkNode } from "../node-version.ts";
import { type Platform, startPlatform } from "../platform.ts";
import { printTable, tell } from "../print.ts";
import { type ReplayArguments, readReplayArguments } from "./arguments.ts";
import { type Idle, expectFirings } from "./expected.ts";
import { readLog } from "./log.ts";
import { observeKafka } from "./observe.ts";
import { startProgress } from "./progress.ts";
import { sendRows } from "./send.ts";
import { Tally } from "./tally.ts";
import { type AuditorsVerdict, watchVerdict } from "./verdict.ts";

const silentMs = 30_000;
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
    const { client, key } = await makeCarrier(platform);
    const line = await makeLine(client, wanted.idles);
    const timeline = await client.post<{ id: string }>("/v1/timelines", { kind: "import" });
    const tally = new Tally(expected, timeline.id);
    const observer = await observe(platform, tally);
    const auditor = await watchVerdict(platform);
    const progress = startProgress(
      expected.rows,
      () => tally.rows,
      (text) => process.stderr.write(text),
    );
    const killing = killInTheMiddle(platform, wanted, () => tally.rows / expected.rows, note);
    const started = performance.now();
    const rows = [...cases.values()].flat();
    await sendRows({ url: platform.url, key, client, timeline: timeline.id, line, rows });
    const lastMs = rows.reduce((latest, { time }) => Math.max(latest, time), 0);
    const longestMs = Math.max(...wanted.idles.map(({ ms }) => ms));
    await endTimeline(client, timeline.id, lastMs + longestMs + 60_000);
    await untilComplete(tally, started);
    progress.stop();
    await killing;
    await delay(500); // What comes twice comes soon after.
    tally.finish();
    await observer.stop();
    note("waiting for the auditor");
    const verdict = await auditor.verdict([...expected.firings.values()].reduce((all, { size }) => all + size, 0));
    return report(wanted, tally, verdict, (tally.lastSeenMs - started) / 1000, platform.settings.broker);
  } finally {
    await platform.stop();
  }
}

async function makeCarrier({ url, settings }: Platform): Promise<{ client: Client; key: string }> {
  const operator = createClient(url, settings.operatorKey);
  const party = "replayed-desk";
  try {
    await operator.post("/v1/parties", { party, kind: "carrier", name: "A recorded service desk" });
  } catch (error) {
    if (!(error instanceof AnswerFault && error.code === "already_exists")) throw error;
  }
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
  return { client: createClient(url, key), key };
}

async function makeLine(client: Client, idles: readonly Idle[]): Promise<string> {
  const line = `replay-${idles.map(({ name }) => name.slice("idle-".length)).join("-")}`;
  const clocks = idles.map(({ name, ms }) => ({ kind: "stall.idle", name, target: formatDuration(ms) }));
  try {
    await client.post("/v1/lines", { line, mode: "observe", calendar: "24x7", clocks });
  } catch (error) {
    if (!(error instanceof AnswerFault && error.code === "already_exists")) throw error;
  }
  return line;
}

async function observe(platform: Platform, tally: Tally): Promise<{ readonly stop: () => Promise<void> }> {
  const { broker, brokers } = platform.settings;
  if (broker === "kafka") return observeKafka(brokers, (record) => tally.take(record));
  const { observeInProcess } = await import("../in-process.ts");
  return observeInProcess((record) => tally.take(record));
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

async function endTimeline(client: Client, timeline: string, markMs: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.post(`/v1/timelines/${timeline}/end`, { mark: new Date(markMs).toISOString() });
      return;
    } catch (error) {
      if (attempt === 50 || (error instanceof AnswerFault && error.status < 500 && error.status !== 409)) throw error;
      await delay(300); // The service that would have answered is being started again.
    }
  }
}

/** Waits until everything has come out, or nothing has for half a minute. */
async function untilComplete(tally: Tally, started: number): Promise<void> {
  while (!tally.isComplete) {
    await delay(50);
    if (performance.now() - Math.max(tally.lastSeenMs, started) > silentMs) return;
  }
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
