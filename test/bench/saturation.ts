import type { Platform } from "@crossline/cli";
import { type Bench, type Measurement, type BenchOutcome, quantile } from "./frame.ts";
import { startReplicas } from "./replicas.ts";
import { type Phase, type Stalls, measureStalls, openedBefore } from "./stall-load.ts";

const rates = [100, 300, 1_000, 1_500, 2_000, 3_000];
const burst = 20_000;

/** The growth of latency with the rate of stalls up to saturation, with one to four replicas. */
export const saturation: Bench = {
  name: "saturation",
  onlyByName: true,
  title: "From 100 stalls a second to saturation",
  about:
    "Cases that were opened earlier become due in several runs, each at its own rate. In the last run, all cases become due at once. When all cases are due, the vendor's records per second are the capacity of the path. The last rows show the capacity of the path with two to four replicas of timer and routing on the same two cores. A row for a rate compares the rate with 1,000 a second. A row for several replicas compares their capacity with the capacity of one replica.",
  run: (scale, servers) =>
    scale === "quick"
      ? servers.shared(async (platform) => ({
          figures: [capacity("1 replica", (await drain(platform, 1_500)).rate, 1_000)],
        }))
      : measureFull(servers),
};

async function measureFull({ platform: onPlatform }: Parameters<Bench["run"]>[1]): Promise<BenchOutcome> {
  return onPlatform(async (platform) => {
    const byRate = new Map<string, Stalls | undefined>();
    // Each rate has its own carrier, because the cases of all rates need more lines than one carrier may have.
    for (const perSecond of rates) {
      const phase: Phase = { name: `${perSecond}`, perSecond, seconds: 3 };
      byRate.set(phase.name, (await measureStalls(platform, openedBefore([warm, phase], 500))).get(phase.name));
    }
    const points = rates.flatMap((rate) => pointsOf(rate, byRate.get(`${rate}`)));
    const rated = rates.map((rate): Measurement => {
      const { toVendor = [] } = byRate.get(`${rate}`) ?? {};
      const p99 = quantile(toVendor, 0.99);
      return {
        name: `stall to vendor p99 at ${rate}/s`,
        figure: `${quantile(toVendor, 0.5).toFixed(0)} ms p50, ${p99.toFixed(0)} ms p99`,
        ratio: p99 / quantile(byRate.get("1000")?.toVendor ?? [], 0.99),
        against: "1,000/s",
        better: "lower",
      };
    });
    const replicas = await drainWithReplicas(platform);
    return {
      figures: [...rated, ...replicas.figures],
      curves: [
        {
          name: "Stall to vendor by rate",
          x: { title: "stalls a second", log: true },
          y: { title: "ms", log: true },
          points,
        },
        {
          name: "Crossings a second by replicas",
          x: { title: "replicas of timer and routing" },
          y: { title: "crossings a second" },
          points: replicas.rates.map((y, index) => ({ series: "all due at once", x: index + 1, y })),
        },
      ],
    };
  });
}

const warm: Phase = { name: "warm", perSecond: 500, seconds: 1 };

function pointsOf(rate: number, stalls: Stalls | undefined) {
  return [
    { series: "p50", x: rate, y: quantile(stalls?.toVendor ?? [], 0.5) },
    { series: "p99", x: rate, y: quantile(stalls?.toVendor ?? [], 0.99) },
  ];
}

async function drain(platform: Platform, cases: number): Promise<{ readonly rate: number }> {
  const plan = openedBefore([{ name: "burst", perSecond: burst, seconds: cases / burst }], 500);
  const { toVendor = [], arrivedWithinMs = Number.NaN } = (await measureStalls(platform, plan)).get("burst") ?? {};
  return { rate: (toVendor.length / arrivedWithinMs) * 1_000 };
}

async function drainWithReplicas(platform: Platform): Promise<{ figures: Measurement[]; rates: number[] }> {
  const figures: Measurement[] = [];
  const drainRates: number[] = [];
  for (let replicas = 1; replicas <= 4; replicas++) {
    const others = await startReplicas(platform, replicas - 1);
    try {
      drainRates.push((await drain(platform, 5_000)).rate);
    } finally {
      await others.stop();
    }
    const name = replicas === 1 ? "1 replica" : `${replicas} replicas`;
    figures.push(capacity(name, drainRates.at(-1) ?? Number.NaN, drainRates[0] ?? Number.NaN));
  }
  return { figures, rates: drainRates };
}

function capacity(name: string, rate: number, against: number): Measurement {
  return {
    name: `crossings a second when all is due, ${name}`,
    figure: `${Math.round(rate).toLocaleString("en")}/s`,
    ratio: rate / against,
    against: `${Math.round(against).toLocaleString("en")}/s`,
    better: "higher",
  };
}
