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
import type { Admission, Refused } from "./routes/admission.ts";
import { countOpen } from "./store/cases.ts";

/** What intake counts as things happen. */
export type Figures = {
  readonly consumer: ConsumerMetrics;
  readonly relay: RelayMetrics;
  /** How long a stepped timeline took to come to rest. */
  quiet(seconds: number): void;
  /** A request was not let in. */
  refused(why: Refused): void;
  /** What waits between a command and its effects, in records, as of the last look. */
  backlog(records: number): void;
};

export function createFigures(metrics: Metrics): Figures {
  const quiet = metrics.histogram({
    name: "crossline_intake_quiet_seconds",
    help: "How long a stepped timeline took to come to rest",
  });
  const refused = metrics.counter({
    name: "crossline_intake_refused_total",
    help: "Requests that were not let in",
    labels: ["reason"],
  });
  const backlog = metrics.gauge({
    name: "crossline_intake_backlog",
    help: "Records that wait between a command and its effects, in all services, as of the last look",
  });
  return {
    ...countMessages(metrics, readTopics),
    quiet: (seconds) => quiet.observe(seconds),
    refused: (reason) => refused.inc({ reason }),
    backlog: (records) => backlog.set(records),
  };
}

type Parts = {
  readonly database: Database;
  readonly consumer: Consumer;
  readonly relay: Relay;
  readonly admission: Admission;
};

/** Gauges that are read when somebody asks for them. */
export function measureStanding(metrics: Metrics, parts: Parts): void {
  const { database, admission } = parts;
  measureMessages(metrics, parts);
  metrics.gauge({
    name: "crossline_intake_requests_at_work",
    help: "Requests that were let in and are not answered yet",
    collect: (gauge) => gauge.set(admission.atWork()),
  });
  metrics.gauge({
    name: "crossline_intake_gate_per_second",
    help: "Commands a second that are let in; +Inf while the gate is open",
    collect: (gauge) => gauge.set(admission.gate().perSecond),
  });
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
