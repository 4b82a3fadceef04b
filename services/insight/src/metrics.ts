import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { readPositionAge } from "./store/positions.ts";

/** Registers the gauge that Prometheus reads at each scrape. */
export function registerGauges(metrics: Metrics, database: Database): void {
  metrics.gauge({
    name: "crossline_insight_position_age_seconds",
    help: "Age of the earliest position over all partitions; absent while insight reads the topics for the first time",
    collect: async (gauge) => {
      const ageMs = await readPositionAge(database);
      if (ageMs !== undefined) gauge.set(ageMs / 1000);
    },
  });
}
