import { readPosition } from "@crossline/chassis";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";

/** Registers the gauges that Prometheus reads at each scrape. */
export function registerGauges(
  metrics: Metrics,
  {
    database,
    partitions,
    streams,
  }: { readonly database: Database; readonly partitions: number; readonly streams: () => number },
): void {
  metrics.gauge({
    name: "crossline_console_position_age_seconds",
    help: "Age of the earliest position over all partitions; absent while the console reads the topics for the first time",
    collect: async (gauge) => {
      const { ageMs } = await readPosition(database, partitions);
      if (ageMs !== null) gauge.set(ageMs / 1000);
    },
  });
  metrics.gauge({
    name: "crossline_console_streams",
    help: "Open streams of this process",
    collect: (gauge) => gauge.set(streams()),
  });
}
