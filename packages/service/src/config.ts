import { factTopics } from "@crossline/contracts";
import { z } from "zod";

/** An environment as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the documents say of one variable. `fallback` is what holds when it is not set; without one, it must be set or may be absent. */
export type ConfigEntry = {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly fallback?: string;
};

/** A whole number in a variable. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: message }).int(message).min(min, message).max(max, message);
}

/** An `http` or `https` address of another part, without a slash at its end. */
export const serviceUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .transform((url) => url.replace(/\/+$/, ""));

/** A key that parts show each other. */
export const secret = z.string().min(16, "must have 16 characters or more");

/**
 * The variables that every service has; a service adds its own:
 * `z.object({ ...baseConfig({ port: 7301 }), BATCH_MAX: wholeNumber(1, 5000).default(1000).meta({ description: … }) })`.
 */
export function baseConfig(defaults: { readonly port: number }) {
  return {
    HOST: z.string().default("127.0.0.1").meta({ description: "the address that the service listens on" }),
    PORT: wholeNumber(0, 65_535)
      .default(defaults.port)
      .meta({ description: "the port that the service listens on; 0 takes any free one" }),
    LOG_LEVEL: z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
      .default("info")
      .meta({ description: "the least level of log lines that are written" }),
    DATABASE_URL: z
      .url({ protocol: /^postgres(?:ql)?$/, error: "must be a URL that begins with postgres://" })
      .meta({ description: "where the service's PostgreSQL is, with user and password" }),
    BROKER: z
      .enum(["kafka", "memory"])
      .default("kafka")
      .meta({ description: "what carries events between the services; `memory` only within one process" }),
    KAFKA_BROKERS: z
      .string()
      .default("127.0.0.1:9092")
      .transform((list) => list.split(",").map((broker) => broker.trim()))
      .refine(
        (brokers) => brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker)),
        "must be host:port, several with commas between them",
      )
      .meta({ description: "where Kafka is" }),
    KAFKA_KEEP_FACTS: z.enum(["on", "off"]).default("off").meta({
      description:
        "whether the topics of cases, clocks, hand-offs and notifications keep every record; set at each start, also on topics that exist. `off` leaves them as they are",
    }),
    INTERNAL_KEY: secret.meta({ description: "the key that the services show each other" }),
    PARTITIONS: wholeNumber(1, 1000)
      .default(12)
      .meta({ description: "the partitions of every topic; never changed once there are cases" }),
    OTEL_EXPORTER_OTLP_ENDPOINT: serviceUrl.optional().meta({
      description: "where traces go, by OTLP (http/protobuf; `/v1/traces` is added). Not set: nothing is traced",
    }),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number({ error: "must be a number from 0 to 1" })
      .min(0, "must be a number from 0 to 1")
      .max(1, "must be a number from 0 to 1")
      .default(1)
      .meta({ description: "the share of traces that is recorded, of those that begin here; else the client decides" }),
  };
}

/** How to reach Kafka, by the variables that every service has; for `kafkaBroker`. */
export function kafkaIn(config: {
  readonly KAFKA_BROKERS: readonly string[];
  readonly KAFKA_KEEP_FACTS: "on" | "off";
}): {
  readonly brokers: readonly string[];
  readonly keeps: readonly string[];
} {
  return { brokers: config.KAFKA_BROKERS, keeps: config.KAFKA_KEEP_FACTS === "on" ? factTopics : [] };
}

/** Where traces go, by the variables that every service has; for `openTracing`. */
export function tracingIn(config: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}): { readonly endpoint: string | undefined; readonly share: number } {
  return { endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, share: config.OTEL_TRACES_SAMPLER_ARG };
}

/** Reads a configuration. Unknown variables are ignored, empty ones count as not set. `faults` has one sentence per variable. */
export function parseConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
): { readonly config: z.output<z.ZodObject<Shape>> } | { readonly faults: readonly string[] } {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name];
    if (value !== undefined && value !== "") given[name] = value;
  }
  const result = schema.safeParse(given);
  if (result.success) return { config: result.data };
  const faults = new Map<string, string>();
  for (const issue of result.error.issues) {
    const name = String(issue.path[0] ?? "The configuration");
    if (faults.has(name)) continue; // The first fault of a variable says enough.
    const missing = name in schema.shape && given[name] === undefined;
    // The value is never shown: it may be a password.
    const wrong = missing ? "is missing" : sentencePart(issue.message);
    const purpose = schema.shape[name] === undefined ? undefined : descriptionOf(schema.shape[name] as z.ZodType);
    faults.set(name, `${name} ${wrong}${purpose === undefined ? "" : ` (${purpose})`}.`);
  }
  return { faults: [...faults.values()] };
}

/** EX_CONFIG of sysexits(3): a person must change the configuration or the data first; a restart does not help. */
export const refusedToStart = 78;

/** Ends the process with exit code 78, a sentence a line on standard error: for faults that a person must fix first. */
export function exitWith(...sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join("\n")}\n`);
  process.exit(refusedToStart);
}

/** Every variable of a configuration, in the schema's order, for the generated documents. */
export function describeConfig(schema: z.ZodObject): ConfigEntry[] {
  return Object.entries(schema.shape).map(([name, variable]) => {
    const absent = (variable as z.ZodType).safeParse(undefined);
    const value = absent.success ? (absent.data as string | number | readonly string[] | undefined) : undefined;
    return {
      name,
      description: descriptionOf(variable as z.ZodType) ?? "",
      required: !absent.success,
      ...(value !== undefined && { fallback: String(value) }),
    };
  });
}

function descriptionOf(variable: z.ZodType): string | undefined {
  return variable.meta()?.description;
}

function sentencePart(message: string): string {
  return /^(?:must|is|has) /.test(message) ? message : `is wrong: ${message}`;
}
