import { baseConfig, secret, serviceUrl, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The environment variables that intake reads. */
export const intakeConfig = z.object({
  ...baseConfig({ port: 7300 }),
  TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "the URL of the timer" }),
  ROUTING_URL: serviceUrl.default("http://127.0.0.1:7302").meta({ description: "the URL of routing" }),
  NOTIFICATION_URL: serviceUrl.default("http://127.0.0.1:7303").meta({ description: "the URL of notification" }),
  OPERATOR_KEY: secret.meta({ description: "the operator's API key, which creates parties and their keys" }),
  OUTBOX_LIMIT: wholeNumber(100, 10_000_000).default(50_000).meta({
    description: "the number of messages in the outbox above which intake refuses requests and makes imports wait",
  }),
  // The default follows from a measurement with three times the load that the platform can process. With a limit of 1,000 records, the
  // platform reached 0.41 to 0.50 of its capacity. With a limit of 2,500 records, the platform reached 0.53 to 0.74 of its capacity.
  // During the overload, another carrier's escalations took 2.2 s (p99) with a limit of 2,500 records, but only 0.5 s with 1,000
  // records.
  BACKLOG_LIMIT: wholeNumber(100, 1_000_000).default(1_000).meta({
    description:
      "the number of records between commands and their effects, in all services, above which intake admits fewer commands",
  }),
  REQUESTS_MAX: wholeNumber(10, 100_000)
    .default(1_000)
    .meta({ description: "the maximum number of concurrent requests in this process, over all parties" }),
  CONNECTIONS_MAX: wholeNumber(10, 100_000)
    .default(1_000)
    .meta({ description: "the maximum number of connections to this process; a further connection is closed at once" }),
});

/** The settings of intake that other services do not have. */
export type IntakeSettings = {
  /** The addresses of the other services. */
  readonly addresses: Readonly<Record<"timer" | "routing" | "notification", string>>;
  readonly operatorKey: string;
  readonly outboxLimit: number;
  readonly backlogLimit: number;
  readonly requestsMax: number;
  readonly connectionsMax: number;
};

/** Reads intake's own settings from its variables. */
export function intakeSettings(config: z.output<typeof intakeConfig>): IntakeSettings {
  return {
    addresses: { timer: config.TIMER_URL, routing: config.ROUTING_URL, notification: config.NOTIFICATION_URL },
    operatorKey: config.OPERATOR_KEY,
    outboxLimit: config.OUTBOX_LIMIT,
    backlogLimit: config.BACKLOG_LIMIT,
    requestsMax: config.REQUESTS_MAX,
    connectionsMax: config.CONNECTIONS_MAX,
  };
}
