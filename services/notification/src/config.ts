import { parseDuration } from "@crossline/contracts";
import { baseConfig, readConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";
import type { NotificationSettings, Settings } from "./settings.ts";

const duration = z.string().transform((text, context) => {
  try {
    return parseDuration(text.trim());
  } catch {
    context.addIssue({ code: "custom", message: "must be an ISO 8601 duration such as PT10S" });
    return z.NEVER;
  }
});

const schedule = z
  .string()
  .transform((list) => list.split(","))
  .pipe(z.array(duration).max(50, "must be at most 50 durations"));

const own = {
  RETRY_SCHEDULE: schedule
    .prefault("PT5S,PT30S,PT2M,PT10M,PT1H,PT3H,PT6H,PT6H,PT8H")
    .meta({ description: "the waits after failed tries of a webhook, ISO 8601 durations with commas between them" }),
  LAST_RESORT_RETRY_SCHEDULE: schedule
    .prefault("PT2S,PT5S,PT10S,PT20S,PT30S,PT1M,PT2M,PT4M,PT8M")
    .meta({ description: "the same for calls of the last resort, which are called anew every 1 to 60 minutes" }),
  WEBHOOK_TIMEOUT: duration
    .refine((ms) => ms >= 10 && ms <= 60_000, "must be at most PT1M")
    .prefault("PT10S")
    .meta({ description: "how long one attempt may take in all" }),
  WEBHOOK_PRIVATE_ADDRESSES: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .meta({ description: "whether loopback, private and link-local addresses are dialled" }),
  WEBHOOKS_AT_ONCE: wholeNumber(1, 10_000)
    .default(256)
    .meta({ description: "attempts that run at once in one process" }),
  WEBHOOKS_AT_ONCE_PER_RECEIVER: wholeNumber(1, 1_000)
    .default(4)
    .meta({ description: "of those, to one subscription or address of the last resort" }),
  WEBHOOKS_AT_ONCE_PER_PARTY: wholeNumber(1, 1_000)
    .default(32)
    .meta({ description: "of those, for one party, beside the first one to each of its receivers" }),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 10_000)
    .default(50)
    .meta({ description: "the subscriptions that one party can have" }),
  DELIVERIES_KEPT: duration.prefault("P30D").meta({ description: "how long an ended delivery stays in the log" }),
};

/** What notification reads from its environment. */
export const notificationConfig = z.object({ ...baseConfig({ port: 7303 }), ...own });

export type NotificationConfig = z.output<typeof notificationConfig>;

/** Reads the environment, or ends the process with a sentence per fault. */
export function readNotificationConfig(): NotificationConfig {
  return readConfig(notificationConfig, process.env);
}

/** The same, as the application takes it. */
export function settingsOf(config: NotificationConfig): Settings {
  return { internalKey: config.INTERNAL_KEY, partitions: config.PARTITIONS, ...ownSettings(config) };
}

/** Fills in what is left out, from the defaults of the environment. */
export function withDefaults(settings: NotificationSettings): Settings {
  return { ...ownSettings(z.object(own).parse({})), ...settings };
}

function ownSettings(config: z.output<z.ZodObject<typeof own>>): Omit<Settings, "internalKey" | "partitions"> {
  return {
    retry: { subscription: config.RETRY_SCHEDULE, lastResort: config.LAST_RESORT_RETRY_SCHEDULE },
    timeoutMs: config.WEBHOOK_TIMEOUT,
    privateAddresses: config.WEBHOOK_PRIVATE_ADDRESSES,
    atOnce: {
      total: config.WEBHOOKS_AT_ONCE,
      perTarget: config.WEBHOOKS_AT_ONCE_PER_RECEIVER,
      perParty: config.WEBHOOKS_AT_ONCE_PER_PARTY,
    },
    subscriptionsMax: config.SUBSCRIPTIONS_MAX,
    keptMs: config.DELIVERIES_KEPT,
  };
}
