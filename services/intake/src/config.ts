import { baseConfig, publicUrl, secret, serviceUrl, wholeNumber } from "@crossline/service";
import { z } from "zod";

const mailVariables = {
  INBOUND_MAIL_DOMAIN: z
    .string()
    .regex(
      /^(?=.{1,180}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i,
      "must be a domain such as mail.example.com",
    )
    .transform((domain) => domain.toLowerCase())
    .optional()
    .meta({ description: "the domain of the mailboxes that Crossline serves; without it no mail has a reply token" }),
  SMTP_PORT: wholeNumber(0, 65_535)
    .optional()
    .meta({ description: "the port on which intake receives mail; without it intake receives no mail" }),
  SMTP_TLS_KEY: z.string().optional().meta({ description: "the file with the private key for STARTTLS, in PEM" }),
  SMTP_TLS_CERT: z.string().optional().meta({ description: "the file with the certificate for STARTTLS, in PEM" }),
  SMTP_SIZE_MAX: wholeNumber(10_000, 50_000_000)
    .default(10_000_000)
    .meta({ description: "the maximum size of an inbound mail in bytes" }),
  SMTP_CONNECTIONS_MAX: wholeNumber(1, 1_000)
    .default(50)
    .meta({ description: "the maximum number of connections to the SMTP port" }),
  SMTP_RECIPIENTS_MAX: wholeNumber(1, 100)
    .default(20)
    .meta({ description: "the maximum number of receivers of one inbound mail" }),
  SMTP_IDLE_SECONDS: wholeNumber(1, 600)
    .default(60)
    .meta({ description: "the time in seconds after which intake closes an idle SMTP connection" }),
  PUBLIC_URL: publicUrl.optional().meta({
    description:
      "the public address of Crossline, which browsers open and with which entries name the attached files of mails; without it intake omits the files",
  }),
};

/** The environment variables that intake reads. */
export const intakeConfig = z
  .object({
    ...baseConfig({ port: 7300 }),
    TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "the URL of the timer" }),
    ROUTING_URL: serviceUrl.default("http://127.0.0.1:7302").meta({ description: "the URL of routing" }),
    NOTIFICATION_URL: serviceUrl.default("http://127.0.0.1:7303").meta({ description: "the URL of notification" }),
    AUDITOR_URL: serviceUrl.default("http://127.0.0.1:7304").meta({ description: "the URL of the auditor" }),
    INSIGHT_URL: serviceUrl.default("http://127.0.0.1:7305").meta({ description: "the URL of insight" }),
    CONSOLE_URL: serviceUrl.default("http://127.0.0.1:7306").meta({ description: "the URL of the console" }),
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
    CANARY_URL: serviceUrl.optional().meta({
      description:
        "the public URL through which canaries send their inquiries, including the load balancer; without it each process uses its own address",
    }),
    CANARY_SMTP_URL: z
      .url({ protocol: /^smtps?$/, error: "must be like smtp://mx.example.com:25, or smtps://…" })
      .optional()
      .meta({
        description:
          "the public mail server through which canaries send their mails; without it each process uses its own SMTP port",
      }),
    REQUESTS_MAX: wholeNumber(10, 100_000)
      .default(1_000)
      .meta({ description: "the maximum number of concurrent requests in this process, over all parties" }),
    CONNECTIONS_MAX: wholeNumber(10, 100_000).default(1_000).meta({
      description: "the maximum number of connections to this process; a further connection is closed at once",
    }),
    ...mailVariables,
  })
  .refine((config) => config.SMTP_PORT === undefined || config.INBOUND_MAIL_DOMAIN !== undefined, {
    path: ["INBOUND_MAIL_DOMAIN"],
    error: "must be set if SMTP_PORT is set",
  })
  .refine((config) => (config.SMTP_TLS_KEY === undefined) === (config.SMTP_TLS_CERT === undefined), {
    path: ["SMTP_TLS_KEY"],
    error: "must be set if and only if SMTP_TLS_CERT is set",
  });

/** The settings of inbound mail. Without `port`, this process receives no mail, but writes the addresses of its domain into mails. */
export type MailSettings = {
  readonly domain: string;
  readonly host: string;
  readonly port: number | undefined;
  /** The files of the private key and the certificate for STARTTLS. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly bytesMax: number;
  readonly connectionsMax: number;
  readonly recipientsMax: number;
  readonly idleMs: number;
  readonly publicUrl: string | undefined;
};

/** The settings of intake that other services do not have. */
export type IntakeSettings = {
  /** The addresses of the other services. */
  readonly addresses: Readonly<Record<"timer" | "routing" | "notification" | "insight" | "console", string>>;
  /** Intake forwards no request to the auditor, and asks it only for its operation. */
  readonly auditorUrl: string;
  readonly operatorKey: string;
  readonly outboxLimit: number;
  readonly backlogLimit: number;
  readonly requestsMax: number;
  readonly connectionsMax: number;
  /** The public address of Crossline, without a slash at the end. Undefined: the header Host of a request names the address. */
  readonly publicUrl?: string | undefined;
  /** Undefined if this installation has no mail domain. */
  readonly mail?: MailSettings | undefined;
  /** The public URL for canaries. Undefined: the address of this process. */
  readonly canaryUrl?: string | undefined;
  /** The public mail server for canaries. Undefined: the receiver of this process. */
  readonly canarySmtpUrl?: string | undefined;
};

/** Reads intake's own settings from its variables. */
export function intakeSettings(config: z.output<typeof intakeConfig>): IntakeSettings {
  return {
    addresses: {
      timer: config.TIMER_URL,
      routing: config.ROUTING_URL,
      notification: config.NOTIFICATION_URL,
      insight: config.INSIGHT_URL,
      console: config.CONSOLE_URL,
    },
    auditorUrl: config.AUDITOR_URL,
    operatorKey: config.OPERATOR_KEY,
    outboxLimit: config.OUTBOX_LIMIT,
    backlogLimit: config.BACKLOG_LIMIT,
    requestsMax: config.REQUESTS_MAX,
    connectionsMax: config.CONNECTIONS_MAX,
    publicUrl: config.PUBLIC_URL,
    mail: mailSettings(config),
    canaryUrl: config.CANARY_URL,
    canarySmtpUrl: config.CANARY_SMTP_URL,
  };
}

function mailSettings(config: z.output<typeof intakeConfig>): MailSettings | undefined {
  const { INBOUND_MAIL_DOMAIN: domain, SMTP_TLS_KEY: key, SMTP_TLS_CERT: cert } = config;
  if (domain === undefined) return undefined;
  return {
    domain,
    host: config.HOST,
    port: config.SMTP_PORT,
    tls: key === undefined || cert === undefined ? undefined : { key, cert },
    bytesMax: config.SMTP_SIZE_MAX,
    connectionsMax: config.SMTP_CONNECTIONS_MAX,
    recipientsMax: config.SMTP_RECIPIENTS_MAX,
    idleMs: config.SMTP_IDLE_SECONDS * 1_000,
    publicUrl: config.PUBLIC_URL,
  };
}
