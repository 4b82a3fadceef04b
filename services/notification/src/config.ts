import { type DurationMs, parseDuration } from "@crossline/contracts";
import { type Dialling, type PagePace, pagePace } from "@crossline/domain";
import { baseConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The SMTP server as a URL, and the sender's address. */
export type MailSettings = { readonly url: string; readonly from: string };

/** After the n-th failed try the n-th of these waits follows; after the last wait comes the last try. */
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

const own = {
  RETRY_SCHEDULE: schedule
    .default("PT5S,PT30S,PT2M,PT10M,PT1H,PT3H,PT6H,PT6H,PT8H")
    .meta({ description: "the waits after failed tries of a webhook, with commas between them" }),
  LAST_RESORT_RETRY_SCHEDULE: schedule
    .default("PT2S,PT5S,PT10S,PT20S,PT30S,PT1M,PT2M,PT4M,PT8M")
    .meta({ description: "the same for a call of the last resort, which is called anew every 1 to 60 minutes" }),
  WEBHOOK_TIMEOUT: duration
    .refine((text) => (durationMs(text) ?? 0) >= 10 && (durationMs(text) ?? 0) <= 60_000, "must be at most PT1M")
    .default("PT10S")
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
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be like smtp://user:password@mail.example.com:587, or smtps://…" })
    .optional()
    .meta({ description: "the server that mails go out by, with its password. Not set: no mail is sent" }),
  MAIL_FROM: z
    .email("must be a mail address such as crossline@example.com")
    .default("crossline@localhost.localdomain")
    .meta({ description: "whom mails come from; its domain is that of their ids too" }),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 10_000)
    .default(50)
    .meta({ description: "the subscriptions that one party can have" }),
  DELIVERIES_KEPT: duration.default("P30D").meta({ description: "how long an ended delivery stays in the log" }),
};

/** The variables that notification reads from its environment. */
export const notificationConfig = z.object({ ...baseConfig({ port: 7303 }), ...own });

export type Settings = {
  readonly retry: RetryPolicy;
  /** One attempt, in all. A claim lasts half as long again. */
  readonly timeoutMs: number;
  readonly privateAddresses: "refuse" | "allow";
  /** Attempts that run at once in this process. */
  readonly atOnce: { readonly total: number; readonly perTarget: number; readonly perParty: number };
  /** Where mails go out; without it none does. */
  readonly mail: MailSettings | undefined;
  /** How often people on a roster are paged. */
  readonly pace: PagePace;
  readonly subscriptionsMax: number;
  /** How long an ended delivery stays in the log. */
  readonly keptMs: number;
};

/** Fills in missing settings with the defaults of the environment. */
export function withDefaults(settings: Partial<Settings>): Settings {
  return { ...ownSettings(z.object(own).parse({})), ...settings };
}

/** Which ways are dialled by these settings. */
export function diallingOf({ mail, privateAddresses }: Pick<Settings, "mail" | "privateAddresses">): Dialling {
  return { mail: mail !== undefined, privateAddresses };
}

/** Notification's own settings, as its rooms take them. */
export function ownSettings(config: z.output<z.ZodObject<typeof own>>): Settings {
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
