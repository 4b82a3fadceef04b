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
 * The figures of one service instance. Names begin with `crossline_`, units come last (`_seconds`, `_total`). Labels are
 * small closed sets: never a case, a party or anything else that one company could read about another.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  /** `collect` is run at every scrape, and may set the gauge there. Where it rejects, or takes over 2.5 s, the gauge is absent. */
  gauge<Label extends string = never>(options: GaugeOptions<Label>): Gauge<Label>;
  /** Without `buckets`: 1 ms to 10 s, for seconds. */
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label>;
}

const collectWithinMs = 2_500;
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own, since one process can host several services; with the process' own figures, cheaply taken. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // The event loop's delay is sampled by a timer: at the default of 10 ms it alone would cost the idle target.
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

/** A figure of before an outage would say that all is well, and a scrape that waits for a silent database tells nothing at all. */
async function collectInTime<Label extends string>(gauge: Gauge<Label>, collecting: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("not known in time")), collectWithinMs);
  try {
    await Promise.race([collecting, late.promise]);
  } catch {
    gauge.reset();
    gauge.remove({}); // Without labels a reset gauge would read 0.
  } finally {
    clearTimeout(timer);
  }
}
