import { readPosition } from "@crossline/chassis";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";

/** Registers the gauge that Prometheus reads at each scrape. */
export function registerGauges(metrics: Metrics, database: Database, partitions: number): void {
  metrics.gauge({
    name: "crossline_insight_position_age_seconds",
    help: "Age of the earliest position over all partitions; absent while insight reads the topics for the first time",
    collect: async (gauge) => {
      const { ageMs } = await readPosition(database, partitions);
      if (ageMs !== null) gauge.set(ageMs / 1000);
    },
  });
}
