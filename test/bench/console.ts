import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, type Platform, createClient } from "@crossline/cli";
import { openStream } from "../scenarios/event-source.ts";
import { type Bench, type BenchOutcome, type Scale, quantile } from "./frame.ts";
import { cpuSeconds, residentMib } from "./processes.ts";

const factsPerSecond = 50;
const streamsWanted = 1_000;
/** In the first seconds the code is not compiled yet. */
const warmSeconds = 3;
const settleMs = 3_000;

/** The time from a fact to an open stream, and the memory of a thousand streams. */
export const consoleStreams: Bench = {
  name: "console",
  title: "Streams of the console",
  about: `A carrier adds ${factsPerSecond} entries a second over REST, each to another case. The time runs from the beginning of the request, before the commit, until the changed row arrives at a stream that is open over intake. The memory is the growth of the console's process with ${streamsWanted} open streams. All processes are real, with a real Kafka and a durable PostgreSQL.`,
  run: (scale, servers) => servers.platform((platform) => measure(platform, scale), { beside: ["console"] }),
};

async function measure(platform: Platform, scale: Scale): Promise<BenchOutcome> {
  const { url, settings } = platform;
  const pid = platform.services().find(({ name }) => name === "console")?.pid ?? 0;
  const { carrier, key } = await makeCarrier(platform);
  const warmed = await openCases(carrier, factsPerSecond * warmSeconds);
  const cases = await openCases(carrier, factsPerSecond * (scale === "quick" ? 4 : 20));
  await delay(settleMs);
  const stream = await openStream(`${url}/v1/stream`, key);
  await addEntries(carrier, warmed);
  const startedCpu = cpuSeconds(pid);
  const sent = await addEntries(carrier, cases);
  await delay(settleMs);
  const times = stream.events.flatMap(({ data, at }) => {
    const since = sent.get(data.id);
    return since === undefined ? [] : [at - since];
  });
  const cpuMs = ((cpuSeconds(pid) - startedCpu) * 1_000) / cases.length;
  await stream.close();
  const { mib, close } = await openMany(`http://127.0.0.1:${settings.ports.console}/v1/stream`, key, pid);
  close();
  return {
    figures: [
      {
        name: "fact to stream p99",
        figure: `${quantile(times, 0.99).toFixed(0)} ms, p50 ${quantile(times, 0.5).toFixed(0)} ms`,
        ratio: quantile(times, 0.99) / 250,
        against: "250 ms",
        value: quantile(times, 0.99),
        must: { atMost: 250 },
      },
      {
        name: "facts seen on the stream",
        figure: `${times.length} of ${cases.length}`,
        ratio: times.length / cases.length,
        against: "sent",
        must: { atLeast: 1 },
      },
      {
        name: "processor time of a fact, console",
        figure: `${cpuMs.toFixed(2)} ms`,
        ratio: cpuMs,
        against: "1 ms",
        value: cpuMs,
        better: "lower",
      },
      {
        name: `memory of ${streamsWanted} streams`,
        figure: `${mib} MiB`,
        ratio: mib / 150,
        against: "150 MiB",
        value: mib,
        must: { atMost: 150 },
      },
    ],
  };
}

async function makeCarrier({ url, settings }: Platform): Promise<{ carrier: Client; key: string }> {
  const operator = createClient(url, settings.operatorKey);
  const party = `northtel-${crypto.randomUUID().slice(0, 8)}`;
  await operator.post("/v1/parties", { party, kind: "carrier", name: party });
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
  return { carrier: createClient(url, key), key };
}

async function openCases(carrier: Client, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(20, count - ids.length) }, () =>
        carrier.post<{ id: string }>("/v1/cases", {
          carrierCaseId: crypto.randomUUID(),
          title: "Handheld is dead",
          channel: "web",
        }),
      ),
    );
    ids.push(...opened.map(({ id }) => id));
  }
  return ids;
}

/** Adds one entry to each case at a steady rate. Returns the time at which each request began. */
async function addEntries(carrier: Client, cases: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sent = new Map<string, number>();
  const started = performance.now();
  const requests = cases.map(async (id, index) => {
    await delay((index * 1_000) / factsPerSecond - (performance.now() - started));
    sent.set(id, performance.now());
    await carrier.post(`/v1/cases/${id}/entries`, { kind: "note", text: "The screen stays dark" });
  });
  await Promise.all(requests);
  return sent;
}

/** Opens many streams, and returns the growth of the console's memory. */
async function openMany(
  url: string,
  key: string,
  pid: number,
): Promise<{ readonly mib: number; readonly close: () => void }> {
  const before = residentMib(pid);
  const requests = Array.from({ length: streamsWanted }, () =>
    request(url, { headers: { authorization: `Bearer ${key}` }, agent: false }),
  );
  await Promise.all(
    requests.map(
      (one) =>
        new Promise<void>((resolve, reject) => {
          one.once("response", (response) => {
            response.resume();
            response.on("error", () => {}); // `close` below cuts the connection.
            if (response.statusCode === 200) resolve();
            else reject(new Error(`the console refused a stream with ${response.statusCode}`));
          });
          one.on("error", reject);
          one.end();
        }),
    ),
  );
  await delay(settleMs);
  const mib = residentMib(pid) - before;
  return { mib, close: () => requests.forEach((one) => one.destroy()) };
}
