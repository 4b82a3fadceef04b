import {
  type Consumer,
  type ConsumerMetrics,
  type Relay,
  type RelayMetrics,
  countMessages,
  measureMessages,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Metrics } from "@crossline/service";
import { readTopics } from "./consumers/facts.ts";
import { countOpen } from "./store/cases.ts";

/** What intake counts as things happen. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** How long a stepped timeline took to come to rest. */
  quiet(seconds: number): void;
};

export function createFigures(metrics: Metrics): Figures {
  const quiet = metrics.histogram({
    name: "crossline_intake_quiet_seconds",
    help: "How long a stepped timeline took to come to rest",
  });
  return {
    ...countMessages(metrics, readTopics),
    quiet: (seconds) => quiet.observe(seconds),
  };
}

type Parts = { readonly database: Database; readonly consumer: Consumer; readonly relay: Relay };

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, parts: Parts): void {
  const { database } = parts;
  measureMessages(metrics, parts);
  metrics.gauge({
    name: "crossline_intake_open_cases",
    help: "Cases of the wall that are not over",
    labels: ["status"],
    collect: async (gauge) => {
      const counted = await countOpen(database);
      gauge.reset();
      for (const { status, count } of counted) gauge.set({ status }, count);
    },
  });
}
