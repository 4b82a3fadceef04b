import { retainedTopics } from "@crossline/contracts";
import { z } from "zod";
import { certificateFile, createFileReader, keyFile, passwordFile } from "./kafka-files.ts";

const mechanisms = ["scram-sha-512", "scram-sha-256", "plain"] as const;

/** Returns the schema of the variables with which a program connects to Kafka. */
export function kafkaVariables() {
  return {
    KAFKA_BROKERS: z
      .string()
      .default("127.0.0.1:9092")
      .transform((list) => list.split(",").map((broker) => broker.trim()))
      .refine(
        (brokers) => brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker)),
        "must be host:port, or several separated by commas",
      )
      .meta({ description: "the addresses of Kafka" }),
    KAFKA_SASL_MECHANISM: z
      .enum(mechanisms, `must be ${mechanisms.slice(0, -1).join(", ")} or ${mechanisms.at(-1)}`)
      .optional()
      .meta({
        description:
          "how the user signs in to Kafka: `scram-sha-512`, `scram-sha-256` or `plain`; without it there is no user",
      }),
    KAFKA_USER: z.string().optional().meta({ description: "the user of this program in Kafka" }),
    KAFKA_PASSWORD_FILE: passwordFile.optional().meta({
      description: "the file with the password of `KAFKA_USER`; each new connection reads it again",
    }),
    KAFKA_PASSWORD: z
      .string()
      .optional()
      .meta({ description: "the password of `KAFKA_USER`, if there is no `KAFKA_PASSWORD_FILE`" }),
    KAFKA_TLS: z
      .enum(["on", "off"], "must be on or off")
      .default("off")
      .meta({ description: "whether the connections to Kafka use TLS" }),
    KAFKA_CA_FILE: certificateFile.optional().meta({
      description:
        "the PEM file of the authority that signed Kafka's certificate; without it the authorities that Node knows count",
    }),
    KAFKA_CERT_FILE: certificateFile
      .optional()
      .meta({ description: "the PEM file of the client certificate, for a Kafka that asks for one" }),
    KAFKA_KEY_FILE: keyFile
      .optional()
      .meta({ description: "the PEM file of the private key of `KAFKA_CERT_FILE`, without a passphrase" }),
    KAFKA_SERVER_NAME: z
      .string()
      .regex(/^[A-Za-z0-9*._-]+$/, "must be the name of a host")
      .optional()
      .meta({
        description: "the name in the certificate of every broker, if it is not the host that the broker advertises",
      }),
  };
}

type KafkaConfig = z.output<z.ZodObject<ReturnType<typeof kafkaVariables>>>;

/** The type `KafkaConnection` of packages/messaging, which this package does not import. */
type KafkaConnection = {
  readonly brokers: readonly string[];
  readonly sasl?: {
    readonly mechanism: (typeof mechanisms)[number];
    readonly username: string;
    readonly password: string;
    /** The name of the variable of the password, for sentences about faults. */
    readonly passwordVariable: "KAFKA_PASSWORD_FILE" | "KAFKA_PASSWORD";
  };
  readonly ssl?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
};

/**
 * Returns the brokers, the user and the TLS options, for `kafkajsConnection`. Each new connection reads the files again. Throws
 * an error if a file has disappeared since the variables were parsed.
 */
export function kafkaConnection(config: KafkaConfig): KafkaConnection {
  const sasl = saslIn(config);
  const ssl = config.KAFKA_TLS === "on" ? sslIn(config) : undefined;
  return { brokers: config.KAFKA_BROKERS, ...(sasl !== undefined && { sasl }), ...(ssl !== undefined && { ssl }) };
}

/**
 * Returns the connection and the topics that keep every record, for `kafkaBroker`. These are topics that the service publishes, because
 * Kafka lets only the owner of a topic change its settings.
 */
export function kafkaIn(
  config: KafkaConfig & { readonly KAFKA_KEEP_FACTS: "on" | "off" },
  publishes: readonly string[],
): KafkaConnection & { readonly keeps: readonly string[] } {
  const keeps = retainedTopics.filter((topic) => config.KAFKA_KEEP_FACTS === "on" && publishes.includes(topic));
  return { ...kafkaConnection(config), keeps };
}

function saslIn(config: KafkaConfig): KafkaConnection["sasl"] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USER: username, KAFKA_PASSWORD_FILE: file } = config;
  if (mechanism === undefined || username === undefined) return undefined;
  const read = file === undefined ? () => config.KAFKA_PASSWORD ?? "" : createFileReader(file);
  return {
    mechanism,
    username,
    passwordVariable: file === undefined ? "KAFKA_PASSWORD" : "KAFKA_PASSWORD_FILE",
    // kafkajs reads the property at each sign-in, so a new password needs no restart.
    get password() {
      return read().trimEnd();
    },
  };
}

function sslIn(config: KafkaConfig): NonNullable<KafkaConnection["ssl"]> {
  const { KAFKA_CA_FILE: ca, KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: key, KAFKA_SERVER_NAME: servername } = config;
  const options = { ...(servername !== undefined && { servername }) };
  // The socket factory of `kafkaClient` reads the properties at each connection, so a renewed certificate needs no restart.
  for (const [name, file] of Object.entries({ ca, cert, key })) {
    if (file !== undefined) Object.defineProperty(options, name, { enumerable: true, get: createFileReader(file) });
  }
  return options;
}

/**
 * Returns the contradictions between the given variables of Kafka, by the variable that a person must change. Each has one
 * sentence without a value.
 */
export function findKafkaFaults(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const has = (name: string): boolean => given[name] !== undefined;
  const missing = (name: string, by: string): void => {
    if (!has(name) && has(by)) faults.set(name, `${name} is missing, but ${by} needs it.`);
  };
  for (const name of ["KAFKA_USER", "KAFKA_PASSWORD_FILE", "KAFKA_PASSWORD"]) missing("KAFKA_SASL_MECHANISM", name);
  missing("KAFKA_USER", "KAFKA_SASL_MECHANISM");
  if (!has("KAFKA_PASSWORD")) missing("KAFKA_PASSWORD_FILE", "KAFKA_SASL_MECHANISM");
  if (has("KAFKA_PASSWORD") && has("KAFKA_PASSWORD_FILE")) {
    faults.set("KAFKA_PASSWORD", "KAFKA_PASSWORD and KAFKA_PASSWORD_FILE are both set, so remove KAFKA_PASSWORD.");
  }
  missing("KAFKA_KEY_FILE", "KAFKA_CERT_FILE");
  missing("KAFKA_CERT_FILE", "KAFKA_KEY_FILE");
  if (given["KAFKA_TLS"] === "on") return faults;
  const unused = ["KAFKA_CA_FILE", "KAFKA_CERT_FILE", "KAFKA_KEY_FILE", "KAFKA_SERVER_NAME"].find(has);
  if (unused !== undefined) {
    faults.set("KAFKA_TLS", `KAFKA_TLS is not on, but ${unused} has an effect only with KAFKA_TLS=on.`);
  }
  return faults;
}
