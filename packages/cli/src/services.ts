import { kafkaUsersOf } from "@crossline/contracts";
import { kafkaEnvironment } from "./kafka-environment.ts";
import { type OwnKafka, newestUserOf } from "./own-kafka.ts";

/** The services in the order of their start. The services stop in the reverse order of their start. */
export const serviceNames = ["routing", "timer", "notification", "auditor", "insight", "console", "intake"] as const;

export type ServiceName = (typeof serviceNames)[number];

export type Ports = Readonly<Record<ServiceName, number>>;

/** Returns the ports of a run: the public port of intake, and the ports after it. */
export function portsFrom(first: number): Ports {
  return {
    intake: first,
    timer: first + 1,
    routing: first + 2,
    notification: first + 3,
    auditor: first + 4,
    insight: first + 5,
    console: first + 6,
  };
}

/** The settings of a run, from which each service gets its environment. */
export type Settings = {
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly broker: "kafka" | "memory";
  readonly brokers: readonly string[];
  /** The Kafka that this run has started, with its users. */
  readonly ownKafka?: OwnKafka | undefined;
  readonly ports: Ports;
  readonly internalKey: string;
  readonly operatorKey: string;
  readonly partitions: number;
  /** The setting AUDIT_GRACE_MS of the auditor. Without this value the auditor's default applies. */
  readonly auditGraceMs?: number | undefined;
  /** The settings INSIGHT_POSITION_MS and CONSOLE_POSITION_MS. Without this value the defaults of the services apply. */
  readonly positionMs?: number | undefined;
  /** The address of an OTLP receiver for traces. */
  readonly otlpEndpoint?: string | undefined;
};

/** Returns the environment of one service's process. Docker Compose sets the same variables for a container. */
export function environmentOf(name: ServiceName, settings: Settings): Record<string, string> {
  const {
    databaseUrls,
    broker,
    brokers,
    ports,
    internalKey,
    operatorKey,
    partitions,
    auditGraceMs,
    positionMs,
    ownKafka,
  } = settings;
  const address = (of: ServiceName): string => `http://127.0.0.1:${ports[of]}`;
  const own: Record<ServiceName, Record<string, string>> = {
    intake: {
      OPERATOR_KEY: operatorKey,
      TIMER_URL: address("timer"),
      ROUTING_URL: address("routing"),
      NOTIFICATION_URL: address("notification"),
      AUDITOR_URL: address("auditor"),
      INSIGHT_URL: address("insight"),
      CONSOLE_URL: address("console"),
      SMTP_PORT: process.env["SMTP_PORT"] ?? "",
      INBOUND_MAIL_DOMAIN: process.env["INBOUND_MAIL_DOMAIN"] ?? "",
      CANARY_URL: process.env["CANARY_URL"] ?? "",
      CANARY_SMTP_URL: process.env["CANARY_SMTP_URL"] ?? "",
      PUBLIC_URL: process.env["PUBLIC_URL"] ?? "",
    },
    timer: {},
    routing: { INTAKE_URL: address("intake") },
    notification: {
      WEBHOOK_PRIVATE_ADDRESSES: "allow", // The receivers of a local run are on this machine.
      SMTP_URL: process.env["SMTP_URL"] ?? "",
      MAIL_FROM: process.env["MAIL_FROM"] ?? "",
    },
    auditor: {
      INTAKE_URL: address("intake"),
      TIMER_URL: address("timer"),
      ROUTING_URL: address("routing"),
      ...(auditGraceMs !== undefined && { AUDIT_GRACE_MS: String(auditGraceMs) }),
    },
    insight: positionMs === undefined ? {} : { INSIGHT_POSITION_MS: String(positionMs) },
    console: {
      // An issuer sends browsers to intake's own address, unless the environment names another one.
      PUBLIC_URL: process.env["PUBLIC_URL"] ?? address("intake"),
      ...(positionMs !== undefined && { CONSOLE_POSITION_MS: String(positionMs) }),
    },
  };
  return {
    DATABASE_URL: databaseUrls[name],
    BROKER: broker,
    ...kafkaEnvironment(),
    KAFKA_BROKERS: brokers.join(","),
    ...(ownKafka !== undefined && kafkaLoginOf(name, ownKafka)),
    HOST: "127.0.0.1",
    PORT: String(ports[name]),
    INTERNAL_KEY: internalKey,
    PARTITIONS: String(partitions),
    OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint ?? process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "",
    OTEL_TRACES_SAMPLER_ARG: process.env["OTEL_TRACES_SAMPLER_ARG"] ?? "",
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "info",
    ...own[name],
  };
}

/** Returns the variables with which a service connects to Kafka as its own user. */
function kafkaLoginOf(name: ServiceName, { users, caFile }: OwnKafka): Record<string, string> {
  const owner = { kind: "service", name } as const;
  const user = newestUserOf(users, owner) ?? kafkaUsersOf(owner)[0];
  return {
    KAFKA_SASL_MECHANISM: "scram-sha-512",
    KAFKA_USER: user,
    KAFKA_PASSWORD_FILE: users.passwordFile(user),
    ...(caFile !== undefined && { KAFKA_TLS: "on", KAFKA_CA_FILE: caFile }),
  };
}
