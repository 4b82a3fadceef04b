import { type Bench, median, quantile, ratioOf } from "./frame.ts";
import { listenAtDesk, lineName, makeCarrier, makeVendor, stallMs } from "./load/desk.ts";
import { runLoad } from "./load/run-load.ts";

const deskRate = 20;
const floodConnections = 200;

/** One carrier floods the system while the cases of another carrier cross. */
export const fairness: Bench = {
  name: "fairness",
  onlyByName: true,
  title: "Two carriers, one of which floods the system",
  about:
    "All services run as processes on a real Kafka, with two carriers and a vendor for each. The first carrier opens 20 cases a second, and each case stalls and crosses 10 s later. The consumer of the first carrier's vendor measures the time from the due instant to the record. Then the second carrier floods intake: it opens cases over 200 connections. Each connection sends its next request after the previous response, even if that response was a refusal.",
  run: (scale, servers) =>
    servers.platform(async (platform) => {
      const [rounds, seconds] = scale === "quick" ? [1, 6] : [3, 15];
      const [vendor, floodVendor] = [await makeVendor(platform), await makeVendor(platform)];
      const carrier = await makeCarrier(platform, vendor);
      const flooder = await makeCarrier(platform, floodVendor);
      const desk = await listenAtDesk(platform, vendor);
      const floodTask = { url: platform.url, key: flooder.key, connections: floodConnections };
      const ownTask = {
        url: platform.url,
        key: carrier.key,
        line: lineName,
        connections: 16,
        rate: deskRate,
        keepIds: true,
      };
      const samples = { alone: [] as number[][], beside: [] as number[][] };
      let accepted = 0;
      let flooded = 0;
      let sent = 0;
      for (let round = 0; round <= rounds; round++) {
        for (const name of ["alone", "beside"] as const) {
          // The flood lasts until the last of the other carrier's cases has crossed.
          const flood =
            name === "beside" ? runLoad({ ...floodTask, seconds: seconds + stallMs / 1000 + 1 }) : undefined;
          const own = await runLoad({ ...ownTask, seconds });
          const floodResult = await flood;
          await awaitIds(own.ids, desk.delays);
          if (round === 0) continue; // The first round warms the code up.
          samples[name].push(own.ids.map((id) => desk.delays.get(id) ?? Number.NaN));
          sent += Object.values(own.statuses).reduce((sum, count) => sum + count, own.notSent);
          accepted += own.ids.length;
          flooded += (floodResult?.statuses[201] ?? 0) / (floodResult?.seconds ?? 1);
        }
      }
      await desk.close();
      const line = (of: number, title: string) => {
        const [alone, beside] = [samples.alone, samples.beside].map((sets) => sets.map((set) => quantile(set, of)));
        return {
          name: `another carrier's stall to vendor beside a flood, ${title}`,
          figure: `${median(beside ?? []).toFixed(1)} ms`,
          ...ratioOf(beside ?? [], alone ?? []),
          against: `without the flood, ${median(alone ?? []).toFixed(1)} ms`,
          better: "lower" as const,
        };
      };
      return {
        figures: [
          line(0.5, "p50"),
          {
            ...line(0.99, "p99"),
            value: median(samples.beside.map((set) => quantile(set, 0.99))),
            must: { atMost: 1_000 },
          },
          {
            name: "the other carrier's openings accepted beside a flood",
            figure: `${accepted} of ${sent}, the flood ${(flooded / rounds).toFixed(0)}/s`,
            ratio: accepted / sent,
            against: "requested",
            must: { atLeast: 1 },
          },
        ],
      };
    }),
};

async function awaitIds(ids: readonly string[], seen: ReadonlyMap<string, number>): Promise<void> {
  for (const until = performance.now() + stallMs + 20_000; performance.now() < until;) {
    if (ids.every((id) => seen.has(id))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
