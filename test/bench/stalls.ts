import type { Platform } from "@crossline/cli";
import { measureKafkaHops } from "./kafka-reference.ts";
import { type Bench, type Bound, type Measurement, type BenchOutcome, type Scale, quantile } from "./frame.ts";
import { cpuSeconds } from "./processes.ts";
import type { BenchServers } from "./servers.ts";
import { type Stalls, measureStalls, openedBefore, openedMeanwhile } from "./stall-load.ts";

const perSecond = 1_000;
const openedPerSecond = 500;

/** The time from a case's stall to the record in the vendor's own consumer. */
export const stalls: Bench = {
  name: "stalls",
  title: "From the stall to the vendor's own consumer",
  about:
    "Cases are opened over REST with a live handling, under lines of different targets. In a separate time window, the cases become due at a steady rate, stall and cross. The time runs from the due instant until a plain Kafka client receives the record. The processes and Kafka are real, and every step is durable. The reference is a record that crosses two topics without a service between them. Insight and the console run only for the results that name them.",
  run: (scale, servers) =>
    scale === "quick" ? servers.shared((platform) => measure(platform, scale, bounds)) : measureAll(servers),
};

const bounds: Limits = { p50: 50, p99: 100, p99Must: 250 };

/**
 * Insight and the console compete with the other services for the same two cores, so their effects are measured apart. The bounds are
 * those of the services in the path of an escalation, and do not apply to the results beside another service.
 */
async function measureAll({ platform }: BenchServers): Promise<BenchOutcome> {
  const alone = await platform((services) => measure(services, "full", bounds));
  const figures = [...alone.figures];
  for (const name of ["insight", "console"] as const) {
    const beside = await platform((services) => measure(services, "full", {}), { beside: [name] });
    figures.push(...beside.figures.map((figure) => ({ ...figure, name: `${figure.name}, with ${name}` })));
  }
  return { figures };
}

async function measure(platform: Platform, scale: Scale, limits: Limits): Promise<BenchOutcome> {
  const isQuick = scale === "quick";
  const seconds = isQuick ? 2 : 10;
  const reference = await measureKafkaHops(platform.settings.brokers, perSecond, perSecond * (isQuick ? 2 : 5));
  const slowReference = await measureKafkaHops(platform.settings.brokers, 100, isQuick ? 100 : 500);
  // In the first second the code is not compiled yet.
  const phases = [
    { name: "warm", perSecond: isQuick ? 400 : perSecond, seconds: 1 },
    { name: "100/s", perSecond: 100, seconds },
    { name: "1k/s", perSecond, seconds },
  ];
  const used = usedBy(platform);
  const before = await measureStalls(platform, openedBefore(phases, openedPerSecond));
  const crossed = phases.reduce((sum, phase) => sum + phase.perSecond * phase.seconds, 0);
  const figures = [
    ...pricesOf(used, usedBy(platform), crossed),
    ...figuresOf("100/s", before.get("100/s"), slowReference, {}),
    ...figuresOf("1 k/s", before.get("1k/s"), reference, limits),
  ];
  if (isQuick) return { figures };
  const meanwhile = await measureStalls(platform, openedMeanwhile({ name: "both", perSecond: 500, seconds }));
  return { figures: [...figures, ...figuresOf("500/s while 500/s are opened", meanwhile.get("both"), reference, {})] };
}

/** Returns the seconds of processor time that each service has used so far. */
function usedBy(platform: Platform): ReadonlyMap<string, number> {
  return new Map(platform.services().map(({ name, pid }) => [name, cpuSeconds(pid)]));
}

/** Returns the processor time of one escalation by service, from its opening to the vendor's record. */
function pricesOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  crossed: number,
): Measurement[] {
  const prices = [...after].map(([name, seconds]) => ({
    name,
    ms: ((seconds - (before.get(name) ?? 0)) * 1_000) / crossed,
  }));
  const all = prices.reduce((sum, { ms }) => sum + ms, 0);
  return [...prices, { name: "all services", ms: all }].map(({ name, ms }) => ({
    name: `processor time of an escalation, ${name}`,
    figure: `${ms.toFixed(2)} ms`,
    ratio: ms / all,
    against: "all services",
    value: ms,
    better: "lower",
  }));
}

type Limits = { readonly p50?: number; readonly p99?: number; readonly p99Must?: number };

function figuresOf(
  name: string,
  measured: Stalls | undefined,
  reference: readonly number[],
  limits: Limits,
): Measurement[] {
  const { toVendor = [], toOffer = [], opened = 0 } = measured ?? {};
  const line = (what: string, of: number, must?: Bound, aim?: Bound): Measurement => ({
    name: `stall to vendor ${what}, ${name}`,
    figure: `${quantile(toVendor, of).toFixed(0)} ms`,
    ratio: quantile(toVendor, of) / quantile(reference, of),
    against: `two bare Kafka hops, ${quantile(reference, of).toFixed(1)} ms`,
    value: quantile(toVendor, of),
    better: "lower",
    ...(must !== undefined && { must }),
    ...(aim !== undefined && { aim }),
  });
  const atMost = (ms: number | undefined): Bound | undefined => (ms === undefined ? undefined : { atMost: ms });
  return [
    line("p50", 0.5, undefined, atMost(limits.p50)),
    line("p99", 0.99, atMost(limits.p99Must), atMost(limits.p99)),
    {
      name: `stall to offer p50, ${name}`,
      figure: `${quantile(toOffer, 0.5).toFixed(0)} ms`,
      ratio: quantile(toOffer, 0.5) / quantile(toVendor, 0.5),
      against: "to the vendor",
      better: "lower",
    },
    {
      name: `crossings seen, ${name}`,
      figure: `${toVendor.length} of ${opened}`,
      ratio: toVendor.length / opened,
      against: "opened",
      must: { atLeast: 1 },
    },
  ];
}
