import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export type { Counter, Gauge, Histogram } from "prom-client";

type MetricOptions<Label extends string> = {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
};

type GaugeOptions<Label extends string> = MetricOptions<Label> & {
  readonly collect?: (gauge: Gauge<Label>) => void | Promise<void>;
};

/**
 * The metrics of one service. Names begin with `crossline_` and end with the unit (`_seconds`, `_total`). Labels have small
 * closed sets of values. Labels never name a case or a party, and show nothing that one company could learn about another.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  /** `collect` runs at every scrape and can set the gauge. If `collect` rejects or takes more than 2.5 s, the gauge is absent. */
  gauge<Label extends string = never>(options: GaugeOptions<Label>): Gauge<Label>;
  /** The default `buckets` are for seconds, from 1 ms to 10 s. */
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label>;
}

const collectWithinMs = 2_500;
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Creates a registry for one service, because one process can host several services. The registry includes the metrics of the
 * process.
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // A timer samples the event loop's delay. An idle service may use 1 % of a core, and samples at the default interval
  // of 10 ms would use more.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  const registers = [registry];
  const of = <Label extends string>({ name, help, labels = [] }: MetricOptions<Label>) => ({
    name,
    help,
    labelNames: [...labels],
    registers,
  });
  return {
    registry,
    counter: (options) => new Counter(of(options)),
    gauge: <Label extends string>({ collect, ...options }: GaugeOptions<Label>) => {
      if (collect === undefined) return new Gauge<Label>(of(options));
      const gauge: Gauge<Label> = new Gauge<Label>({
        ...of(options),
        collect: (): void | Promise<void> => {
          const collecting = collect(gauge);
          return collecting instanceof Promise ? collectInTime(gauge, collecting) : undefined;
        },
      });
      return gauge;
    },
    histogram: ({ buckets = secondsBuckets, ...options }) => new Histogram({ ...of(options), buckets: [...buckets] }),
  };
}

/**
 * Removes the gauge if its value is not available in time. An old value would hide an outage. A scrape that waits for a
 * slow gauge could lose all metrics.
 */
async function collectInTime<Label extends string>(gauge: Gauge<Label>, collecting: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("no value in time")), collectWithinMs);
  try {
    await Promise.race([collecting, late.promise]);
  } catch {
    gauge.reset();
    gauge.remove({}); // A reset gauge without labels would report 0.
  } finally {
    clearTimeout(timer);
  }
}
