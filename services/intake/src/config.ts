import { baseConfig, secret, serviceUrl, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The variables that intake reads from its environment. */
export const intakeConfig = z.object({
  ...baseConfig({ port: 7300 }),
  TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "where the timer is" }),
  ROUTING_URL: serviceUrl.default("http://127.0.0.1:7302").meta({ description: "where routing is" }),
  NOTIFICATION_URL: serviceUrl.default("http://127.0.0.1:7303").meta({ description: "where notification is" }),
  OPERATOR_KEY: secret.meta({ description: "the API key of the operator, who makes parties and their keys" }),
  OUTBOX_LIMIT: wholeNumber(100, 10_000_000)
    .default(50_000)
    .meta({ description: "how many events may wait to be sent before new requests are refused and imports wait" }),
  // With 2,500 a platform under thrice its load did 0.53 to 0.74 of what it can, with 1,000 0.41 to 0.50; but another carrier's
  // escalations took 2.2 s (p99) beside a flood then, for 0.5 s.
  BACKLOG_LIMIT: wholeNumber(100, 1_000_000).default(1_000).meta({
    description:
      "how many records may wait between a command and its effects, in all services together, before fewer commands are let in",
  }),
  REQUESTS_MAX: wholeNumber(10, 100_000)
    .default(1_000)
    .meta({ description: "how many requests may be at work at once in this process, of all parties" }),
  CONNECTIONS_MAX: wholeNumber(10, 100_000)
    .default(1_000)
    .meta({ description: "how many connections may be open to this process; one more is closed at once" }),
});

export type IntakeSettings = {
  /** The addresses of the other services. */
  readonly addresses: Readonly<Record<"timer" | "routing" | "notification", string>>;
  readonly operatorKey: string;
  readonly outboxLimit: number;
  readonly backlogLimit: number;
  readonly requestsMax: number;
  readonly connectionsMax: number;
};

/** Intake's own settings, as its rooms take them. */
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
