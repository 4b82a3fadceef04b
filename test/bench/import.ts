import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Platform, idleLine, readLog, replayLog } from "@crossline/cli";
import { measureKafkaBulk } from "./kafka-reference.ts";
import { type Bench, type BenchOutcome, type Scale, median } from "./frame.ts";

const file = resolve(process.env["INCIDENT_EVENT_LOG"] ?? "incident_event_log.zip");
const line = idleLine([
  { name: "idle-24h", ms: 24 * 3_600_000 },
  { name: "idle-72h", ms: 72 * 3_600_000 },
]);
const quickRows = 10_000;
const bytesPerRow = 650;

/** The import of a year of a real service desk through all services. */
export const importing: Bench = {
  name: "import",
  title: "Import of a real service desk's log",
  about:
    "One streamed request contains the log UCI 498: 141,712 rows of 24,918 cases. The rows pass through HTTP, PostgreSQL, Kafka, the timer with two idle clocks, and Kafka again. A reader outside the system counts the records. All services run, and every step is durable. The reference sends the same number of records, each of 650 bytes, over one topic with plain clients.",
  missing: () =>
    existsSync(file) ? undefined : "there is no incident_event_log.zip here; INCIDENT_EVENT_LOG names its path",
  run: (scale, servers) =>
    scale === "quick"
      ? servers.shared((platform) => measure(platform, scale))
      : servers.platform((platform) => measure(platform, scale)),
};

async function measure(platform: Platform, scale: Scale): Promise<BenchOutcome> {
  const isQuick = scale === "quick";
  const cases = firstRows(await readLog(file), isQuick ? quickRows : Infinity);
  const seconds: number[] = [];
  const references: number[] = [];
  let wrong = 0;
  let rows = 0;
  for (let round = 0; round < (isQuick ? 1 : 3); round++) {
    const { tally, seconds: took } = await replayLog(platform, { cases, line });
    seconds.push(took);
    rows = tally.rows;
    wrong += tally.lost + tally.doubled + tally.unexpected;
    references.push(await measureKafkaBulk(platform.settings.brokers, rows, bytesPerRow));
  }
  const took = median(seconds);
  const limits = isQuick ? {} : { value: took, must: { atMost: 40 }, aim: { atMost: 12 } };
  return {
    figures: [
      {
        name: `import of ${rows.toLocaleString("en")} rows`,
        figure: `${took.toFixed(1)} s, ${Math.round(rows / took).toLocaleString("en")}/s`,
        ratio: took / median(references),
        against: `the same records over one topic, ${median(references).toFixed(2)} s`,
        better: "lower",
        ...limits,
      },
      {
        name: "rows or firings lost, doubled or not expected",
        figure: String(wrong),
        ratio: wrong,
        against: "the count of the file alone",
        must: { atMost: 0 },
      },
    ],
  };
}

/** Returns whole cases in the file's order, up to the number of rows. */
function firstRows<Row>(cases: ReadonlyMap<string, readonly Row[]>, rowsMax: number): Map<string, readonly Row[]> {
  let rows = 0;
  return new Map([...cases].filter(([, history]) => (rows += history.length) <= rowsMax));
}
