import { type DurationMs, parseDuration } from "@crossline/contracts";
import { type Dialling, type PagePace, pagePace } from "@crossline/domain";
import { baseConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The SMTP server as a URL, and the sender's address. */
export type MailSettings = { readonly url: string; readonly from: string };

/**
 * The pauses between attempts. The n-th pause follows the n-th failed attempt. After the last pause, notification makes the last
 * attempt.
 */
export type Schedule = readonly DurationMs[];

export type RetryPolicy = { readonly subscription: Schedule; readonly lastResort: Schedule };

const duration = z
  .string()
  .refine((text) => durationMs(text) !== undefined, "must be an ISO 8601 duration such as PT10S");
const schedule = z
  .string()
  .refine(
    (list) => list.split(",").every((text) => durationMs(text) !== undefined),
    "must be ISO 8601 durations such as PT5S,PT30S",
  );

const ownVariables = {
  RETRY_SCHEDULE: schedule.default("PT5S,PT30S,PT2M,PT10M,PT1H,PT3H,PT6H,PT6H,PT8H").meta({
    description: "the pauses after failed attempts of a webhook or of an outbound message, separated by commas",
  }),
  LAST_RESORT_RETRY_SCHEDULE: schedule.default("PT2S,PT5S,PT10S,PT20S,PT30S,PT1M,PT2M,PT4M,PT8M").meta({
    description:
      "the pauses after failed attempts of a page or a call of the last resort; routing repeats a call every 1 to 60 minutes",
  }),
  WEBHOOK_TIMEOUT: duration
    .refine((text) => (durationMs(text) ?? 0) >= 10 && (durationMs(text) ?? 0) <= 60_000, "must be at most PT1M")
    .default("PT10S")
    .meta({ description: "the maximum duration of one attempt" }),
  WEBHOOK_PRIVATE_ADDRESSES: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .meta({ description: "whether notification connects to loopback, private and link-local addresses" }),
  WEBHOOKS_AT_ONCE: wholeNumber(1, 10_000)
    .default(256)
    .meta({ description: "the maximum number of concurrent attempts in one process" }),
  WEBHOOKS_AT_ONCE_PER_RECEIVER: wholeNumber(1, 1_000).default(4).meta({
    description:
      "the maximum number of concurrent attempts for one subscription, for one address of the last resort, or for all outbound messages of one carrier",
  }),
  WEBHOOKS_AT_ONCE_PER_PARTY: wholeNumber(1, 1_000).default(32).meta({
    description:
      "the maximum number of concurrent attempts for one party; the first attempt to each of its receivers does not count",
  }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be like smtp://user:password@mail.example.com:587, or smtps://…" })
    .optional()
    .meta({ description: "the URL of the mail server, with its password; without it notification sends no mail" }),
  MAIL_FROM: z
    .email("must be a mail address such as crossline@example.com")
    .default("crossline@localhost.localdomain")
    .meta({
      description:
        "the sender of mails; the ids of mails have its domain. Outbound messages have this address with the carrier's name",
    }),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 10_000)
    .default(50)
    .meta({ description: "the maximum number of subscriptions of one party" }),
  DELIVERIES_KEPT: duration
    .default("P30D")
    .meta({ description: "the time for which notification keeps an ended delivery" }),
};

/** The variables that notification reads from its environment. */
export const notificationConfig = z.object({ ...baseConfig({ port: 7303 }), ...ownVariables });

export type Settings = {
  readonly retry: RetryPolicy;
  /** The maximum duration of one attempt. A claim lasts 1.5 times this duration. */
  readonly timeoutMs: number;
  readonly privateAddresses: "refuse" | "allow";
  /** The maximum numbers of concurrent attempts in this process. */
  readonly atOnce: { readonly total: number; readonly perTarget: number; readonly perParty: number };
  /** The mail server. Without this setting notification sends no mail. */
  readonly mail: MailSettings | undefined;
  /** The maximum rate of messages to one person on a roster. */
  readonly pace: PagePace;
  readonly subscriptionsMax: number;
  /** The time for which an ended delivery stays in the log. */
  readonly keptMs: number;
};

/** Returns complete settings. A missing setting gets the default of its environment variable. */
export function withDefaults(settings: Partial<Settings>): Settings {
  return { ...ownSettings(z.object(ownVariables).parse({})), ...settings };
}

/** Returns the contact methods that this installation can use with these settings. */
export function diallingOf({ mail, privateAddresses }: Pick<Settings, "mail" | "privateAddresses">): Dialling {
  return { mail: mail !== undefined, privateAddresses };
}

/** Returns notification's own settings. */
export function ownSettings(config: z.output<z.ZodObject<typeof ownVariables>>): Settings {
  const scheduleOf = (list: string) => list.split(",").map((text) => parseDuration(text.trim()));
  return {
    retry: {
      subscription: scheduleOf(config.RETRY_SCHEDULE),
      lastResort: scheduleOf(config.LAST_RESORT_RETRY_SCHEDULE),
    },
    timeoutMs: parseDuration(config.WEBHOOK_TIMEOUT),
    privateAddresses: config.WEBHOOK_PRIVATE_ADDRESSES,
    atOnce: {
      total: config.WEBHOOKS_AT_ONCE,
      perTarget: config.WEBHOOKS_AT_ONCE_PER_RECEIVER,
      perParty: config.WEBHOOKS_AT_ONCE_PER_PARTY,
    },
    mail: config.SMTP_URL === undefined ? undefined : { url: config.SMTP_URL, from: config.MAIL_FROM },
    pace: pagePace,
    subscriptionsMax: config.SUBSCRIPTIONS_MAX,
    keptMs: parseDuration(config.DELIVERIES_KEPT),
  };
}

function durationMs(text: string): number | undefined {
  try {
    const ms = parseDuration(text.trim());
    return ms >= 0 ? ms : undefined;
  } catch {
    return undefined;
  }
}
