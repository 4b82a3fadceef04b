import { isSafeAddress } from "@crossline/contracts";
import { z } from "zod";
import { findKafkaFaults, kafkaVariables } from "./kafka-config.ts";
import { findPublicDefaults } from "./public-defaults.ts";

/** An environment in the form of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable as the generated documents describe it. `fallback` is the variable's default. A variable without `fallback` may be
 * absent, unless it is `required`.
 */
export type ConfigEntry = {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly fallback?: string;
};

/** Returns a schema for a variable that holds a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: message }).int(message).min(min, message).max(max, message);
}

/** The schema of the `http` or `https` URL of another service. The parsed URL has no slash at the end. */
export const serviceUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .transform((url) => url.replace(/\/+$/, ""));

/** The schema of the public address of Crossline: `https`, or `http` on this machine. The parsed URL has no slash at the end. */
export const publicUrl = z
  .url({ error: "must be an https URL" })
  .refine(isSafeAddress, { error: "must be an https URL" })
  .transform((url) => url.replace(/\/+$/, ""));

/** The schema of a key that the services share. The key has at least 16 characters. */
export const secret = z.string().min(16, "must have 16 characters or more");

/**
 * Returns the schema of the variables that every service has. A service adds its own variables:
 * `z.object({ ...baseConfig({ port: 7301 }), BATCH_MAX: wholeNumber(1, 5000).default(1000).meta({ description: … }) })`.
 */
export function baseConfig(defaults: { readonly port: number }) {
  return {
    HOST: z.string().default("127.0.0.1").meta({ description: "the address that the service listens on" }),
    PORT: wholeNumber(0, 65_535)
      .default(defaults.port)
      .meta({ description: "the port that the service listens on; 0 means any free port" }),
    LOG_LEVEL: z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
      .default("info")
      .meta({ description: "the lowest level of log messages" }),
    DATABASE_URL: z
      .url({ protocol: /^postgres(?:ql)?$/, error: "must be a URL that begins with postgres://" })
      .meta({ description: "the URL of the service's PostgreSQL, with user and password" }),
    BROKER: z
      .enum(["kafka", "memory"])
      .default("kafka")
      .meta({ description: "the broker; `memory` only if one process hosts all services" }),
    ...kafkaVariables(),
    KAFKA_KEEP_FACTS: z.enum(["on", "off"]).default("off").meta({
      description:
        "whether each start sets the topics of cases, clocks, hand-offs and notifications that this service publishes to keep every record; `off` changes no topic",
    }),
    INTERNAL_KEY: secret.meta({ description: "the key with which the services call each other" }),
    PARTITIONS: wholeNumber(1, 1000)
      .default(12)
      .meta({ description: "the number of partitions of every topic; it must never change once there are cases" }),
    OTEL_EXPORTER_OTLP_ENDPOINT: serviceUrl.optional().meta({
      description:
        "the receiver of traces by OTLP (http/protobuf; the service adds `/v1/traces`); without it tracing is off",
    }),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number({ error: "must be a number from 0 to 1" })
      .min(0, "must be a number from 0 to 1")
      .max(1, "must be a number from 0 to 1")
      .default(1)
      .meta({
        description:
          "the share of recorded traces among the traces that this service begins; the client decides for its own traces",
      }),
    FIRST_LOOK: z.literal("1", "must be 1 or empty").optional().meta({
      description: "`1` accepts the public keys and passwords of docker-compose.yml, for a trial on one machine",
    }),
    GIT_COMMIT: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, "must be the hash of a commit")
      .optional()
      .meta({ description: "the commit that the service was built from, for `/version` and `crossline_build_info`" }),
  };
}

/** Returns the receiver of traces and the share of recorded traces, for `openTracing`. */
export function tracingIn(config: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}): { readonly endpoint: string | undefined; readonly share: number } {
  return { endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, share: config.OTEL_TRACES_SAMPLER_ARG };
}

/**
 * Reads a configuration from an environment, and ignores unknown variables. An empty variable counts as absent. `faults` has one
 * sentence per wrong variable. A variable with a public default is wrong, unless `FIRST_LOOK` is 1. Variables of Kafka that
 * contradict each other are wrong.
 */
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
  const faults = new Map([...findKafkaFaults(given), ...findPublicDefaults(given)]);
  if (result.success && faults.size === 0) return { config: result.data };
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0] ?? "The configuration");
    if (faults.has(name)) continue; // The result has only one fault per variable.
    const missing = name in schema.shape && given[name] === undefined;
    // A fault never contains the value, which may be a password.
    const wrong = missing ? "is missing" : sentencePart(issue.message);
    const purpose = schema.shape[name] === undefined ? undefined : descriptionOf(schema.shape[name] as z.ZodType);
    faults.set(name, `${name} ${wrong}${purpose === undefined ? "" : ` (${purpose})`}.`);
  }
  return { faults: [...faults.values()] };
}

/** The exit code EX_CONFIG of sysexits(3). A restart does not help until a person changes the configuration or the data. */
export const refusedToStart = 78;

/**
 * Prints the sentences on standard error and ends the process with exit code 78. Use this function for faults that a person must
 * fix.
 */
export function exitWith(...sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join("\n")}\n`);
  process.exit(refusedToStart);
}

/** Returns every variable of a configuration in the schema's order, for the generated documents. */
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
