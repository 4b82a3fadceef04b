import type { Platform } from "@crossline/cli";
import { type Bench, type Measurement, type BenchOutcome, type Scale, quantile } from "./frame.ts";
import type { BenchServers } from "./servers.ts";
import { residentMebibytes } from "./load/cpu.ts";
import { listenAtDesk, lineName, makeCarrier, makeVendor, stallMs } from "./load/desk.ts";
import type { LoadResult } from "./load/generator.ts";
import { latenessQuantile, readLateness } from "./load/lateness.ts";
import { runLoad } from "./load/run-load.ts";

/** The memory limit of each service in docker-compose.yml. */
const memoryLimitMebibytes = 512;
const connections = 400;
const normalMs = 100;

/** Requests at three times the capacity of the platform. */
export const overload: Bench = {
  name: "overload",
  onlyByName: true,
  title: "Three times the capacity",
  about:
    "All services run as processes on a real Kafka. First, 64 connections that wait for their responses measure the sustained capacity, with the rate limiter at work. Then the load generator sends requests at three times the sustained capacity, even while earlier requests have no response. Each opened case crosses to a vendor 10 s later. The benchmark reads accepted cases over REST and waits for them in the vendor's own consumer. The lateness comes from the timer's own histogram. Intake works normally again when ten openings in a row get a response within 100 ms each.",
  run: (scale, servers) => servers.platform((platform) => measure(scale, servers, platform)),
};

async function measure(scale: Scale, servers: BenchServers, platform: Platform): Promise<BenchOutcome> {
  const seconds = scale === "quick" ? 10 : 60;
  const vendor = await makeVendor(platform);
  const carrier = await makeCarrier(platform, vendor);
  const desk = await listenAtDesk(platform, vendor);
  const at = { url: platform.url, key: carrier.key, line: lineName };
  await runLoad({ ...at, connections: 64, seconds: 3 }); // Warms the code up.
  const capacity = await runLoad({ ...at, connections: 64, seconds: seconds / 2 });
  const takes = (capacity.statuses[201] ?? 0) / capacity.seconds;
  const rate = Math.round(3 * takes);
  servers.note(`the capacity is ${takes.toFixed(0)}/s; ${rate}/s arrive for ${seconds} s`);
  const before = await readLateness(platform);
  const memory = watchMemory(platform);
  const flood = await runLoad({ ...at, connections, seconds, rate, keepIds: true });
  const recovered = await timeToNormal(carrier.client);
  await awaitAll(flood.ids, desk.delays, stallMs + 30_000);
  const peaks = memory.stop();
  const lateness = latenessQuantile(before, await readLateness(platform), 0.99);
  const readBack = await countReadBack(carrier.client, flood.ids);
  await desk.close();
  const crossed = flood.ids.filter((id) => desk.delays.has(id));
  return {
    figures: [
      ...figuresOf(flood, takes, rate),
      ...acceptedOf(flood, readBack, crossed.length),
      ...latenessOf(
        lateness,
        crossed.map((id) => desk.delays.get(id) ?? Number.NaN),
        recovered,
      ),
      ...memoryOf(peaks),
    ],
  };
}

function figuresOf(flood: LoadResult, takes: number, rate: number): Measurement[] {
  const accepted = flood.ids.length / flood.seconds;
  const refusals = [...(flood.delays[429] ?? []), ...(flood.delays[503] ?? [])];
  const answers = Object.values(flood.statuses).reduce((sum, count) => sum + count, 0);
  const others = answers - flood.ids.length - refusals.length;
  return [
    {
      name: "overload, accepted a second",
      figure: `${accepted.toFixed(0)}/s of ${rate}/s`,
      ratio: accepted / takes,
      against: `its capacity, ${takes.toFixed(0)}/s`,
      better: "higher",
    },
    {
      name: "overload, refusals with Retry-After",
      figure: `${refusals.length - flood.withoutRetryAfter} of ${refusals.length}, ${others} other responses, ${flood.notSent} not sent`,
      ratio: (refusals.length - flood.withoutRetryAfter) / Math.max(1, refusals.length + others),
      against: "all that were not accepted",
      must: { atLeast: 1 },
    },
    {
      name: "overload, a refusal's answer p99",
      figure: `${quantile(refusals, 0.99).toFixed(1)} ms`,
      ratio: quantile(refusals, 0.99) / quantile([...(flood.delays[201] ?? [])], 0.99),
      against: "an accepted one's p99",
      better: "lower",
    },
  ];
}

function acceptedOf(flood: LoadResult, readBack: { read: number; sampled: number }, crossed: number): Measurement[] {
  return [
    {
      name: "overload, accepted cases read back",
      figure: `${readBack.read} of ${readBack.sampled}`,
      ratio: readBack.read / readBack.sampled,
      against: "a sample of the accepted",
      must: { atLeast: 1 },
    },
    {
      name: "overload, accepted cases in the vendor's own consumer",
      figure: `${crossed} of ${flood.ids.length}`,
      ratio: crossed / flood.ids.length,
      against: "the accepted",
      must: { atLeast: 1 },
    },
  ];
}

function latenessOf(lateness: number, delays: readonly number[], recoveredMs: number): Measurement[] {
  return [
    {
      name: "overload, lateness of firings p99, at most",
      figure: `${lateness} s`,
      ratio: lateness,
      against: "1 s",
      must: { atMost: 1 },
    },
    {
      name: "overload, stall to vendor p99",
      figure: `${quantile(delays, 0.99).toFixed(0)} ms`,
      ratio: quantile(delays, 0.99) / 1000,
      against: "1 s",
      better: "lower",
    },
    {
      name: "overload, back to normal",
      figure: `${(recoveredMs / 1000).toFixed(1)} s`,
      ratio: recoveredMs / 10_000,
      against: "10 s",
      must: { atMost: 1 },
    },
  ];
}

function memoryOf(peaks: ReadonlyMap<string, number>): Measurement[] {
  return [...peaks].map(([name, mebibytes]) => ({
    name: `overload, memory of ${name} at most`,
    figure: `${mebibytes} MiB`,
    ratio: mebibytes / memoryLimitMebibytes,
    against: `its limit, ${memoryLimitMebibytes} MiB`,
    must: { atMost: 1 },
  }));
}

function watchMemory({ services }: Platform) {
  const peaks = new Map<string, number>();
  const measureMemory = (): void => {
    for (const { name, pid } of services())
      peaks.set(name, Math.max(peaks.get(name) ?? 0, residentMebibytes(pid ?? 0)));
  };
  const timer = setInterval(measureMemory, 200);
  return {
    stop(): ReadonlyMap<string, number> {
      clearInterval(timer);
      measureMemory();
      return peaks;
    },
  };
}

/** Returns the milliseconds until ten openings in a row were accepted, each within 100 ms. */
async function timeToNormal(carrier: { post(path: string, body: object): Promise<unknown> }): Promise<number> {
  const began = performance.now();
  for (let good = 0; good < 10 && performance.now() - began < 60_000;) {
    const sentAt = performance.now();
    const body = { carrierCaseId: crypto.randomUUID(), title: "after", channel: "phone" };
    const accepted = await carrier.post("/v1/cases", body).then(
      () => true,
      () => false,
    );
    good = accepted && performance.now() - sentAt < normalMs ? good + 1 : 0;
    if (!accepted) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - began;
}

async function awaitAll(ids: readonly string[], seen: ReadonlyMap<string, number>, withinMs: number): Promise<void> {
  for (const until = performance.now() + withinMs; performance.now() < until;) {
    if (ids.every((id) => seen.has(id))) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const sampleMax = 1_000;

/**
 * Reads up to a thousand accepted cases back over REST, spread over the run. The vendor's consumer receives all accepted
 * cases.
 */
async function countReadBack(
  carrier: { get(path: string): Promise<unknown> },
  ids: readonly string[],
): Promise<{ read: number; sampled: number }> {
  const step = Math.max(1, Math.floor(ids.length / sampleMax));
  const sample = ids.filter((_, index) => index % step === 0);
  let read = 0;
  for (const id of sample) {
    await carrier.get(`/v1/cases/${id}`).then(
      () => read++,
      () => undefined,
    );
  }
  return { read, sampled: sample.length };
}
