import { topics } from "@crossline/contracts";
import { expect, test } from "vitest";
import { z } from "zod";
import { baseConfig, describeConfig, kafkaIn, parseConfig, serviceUrl, wholeNumber } from "../src/index.ts";

const schema = z.object({
  ...baseConfig({ port: 7301 }),
  TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "the URL of the timer" }),
  BATCH_MAX: wholeNumber(1, 5000).default(1000).meta({ description: "the maximum of firings in one batch" }),
});
const required = { DATABASE_URL: "postgres://u:p@db/crossline", INTERNAL_KEY: "0123456789abcdef" };

test("an absent or empty variable gets its default, and an unknown one is ignored", () => {
  expect(parseConfig(schema, { ...required, PORT: "", PATH: "/bin" })).toEqual({
    config: {
      HOST: "127.0.0.1",
      PORT: 7301,
      LOG_LEVEL: "info",
      OTEL_TRACES_SAMPLER_ARG: 1,
      DATABASE_URL: "postgres://u:p@db/crossline",
      BROKER: "kafka",
      KAFKA_BROKERS: ["127.0.0.1:9092"],
      KAFKA_TLS: "off",
      KAFKA_KEEP_FACTS: "off",
      INTERNAL_KEY: "0123456789abcdef",
      PARTITIONS: 12,
      TIMER_URL: "http://127.0.0.1:7301",
      BATCH_MAX: 1000,
    },
  });
});

test("parsing makes numbers, lists and URLs without a slash at the end", () => {
  const env = { ...required, PORT: "0", KAFKA_BROKERS: "a:1, b:2", TIMER_URL: "https://timer/" };
  expect(parseConfig(schema, env)).toMatchObject({
    config: { PORT: 0, KAFKA_BROKERS: ["a:1", "b:2"], TIMER_URL: "https://timer" },
  });
});

test("with KAFKA_KEEP_FACTS=on, a service keeps only topics that it publishes", () => {
  const keepsOf = (keep: string) => {
    const read = parseConfig(schema, { ...required, KAFKA_KEEP_FACTS: keep });
    if ("faults" in read) throw new Error(read.faults.join("\n"));
    return kafkaIn(read.config, [topics.clock, topics.audit]).keeps;
  };
  expect([keepsOf("on"), keepsOf("off")]).toEqual([[topics.clock], []]);
});

test("each wrong variable gets one sentence with its name, the reason and its purpose, but without its value", () => {
  const env = { PORT: "70000", LOG_LEVEL: "loud", DATABASE_URL: "mysql://u:hunter2@db", KAFKA_BROKERS: "kafka" };
  expect(parseConfig(schema, { ...env, BATCH_MAX: "many" })).toEqual({
    faults: [
      "PORT must be a whole number from 0 to 65535 (the port that the service listens on; 0 means any free port).",
      'LOG_LEVEL is wrong: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent" (the lowest level of log messages).',
      "DATABASE_URL must be a URL that begins with postgres:// (the URL of the service's PostgreSQL, with user and password).",
      "KAFKA_BROKERS must be host:port, or several separated by commas (the addresses of Kafka).",
      "INTERNAL_KEY is missing (the key with which the services call each other).",
      "BATCH_MAX must be a whole number from 1 to 5000 (the maximum of firings in one batch).",
    ],
  });
});

test("a public default is refused with one sentence for each variable, also in the password of a URL", () => {
  const env = {
    INTERNAL_KEY: "for-a-first-look-only-internal",
    DATABASE_URL: "postgres://crossline_timer:for-a-first-look-only@postgres:5432/crossline",
  };
  const remedy = "set your own value as .env.example describes, or set FIRST_LOOK=1 for a trial";
  expect(parseConfig(schema, env)).toEqual({
    faults: [
      `DATABASE_URL contains a public default of docker-compose.yml: ${remedy}.`,
      `INTERNAL_KEY contains a public default of docker-compose.yml: ${remedy}.`,
    ],
  });
  expect(parseConfig(schema, { ...env, FIRST_LOOK: "1" })).toMatchObject({ config: env });
  expect(parseConfig(schema, { ...required, FIRST_LOOK: "yes" })).toEqual({
    faults: [expect.stringContaining("FIRST_LOOK must be 1 or empty")],
  });
});

test("every variable has a description for the documents", () => {
  const entries = describeConfig(schema);
  expect(entries.map(({ name }) => name)).toContain("INTERNAL_KEY");
  expect(entries.find(({ name }) => name === "KAFKA_BROKERS")).toEqual({
    name: "KAFKA_BROKERS",
    description: "the addresses of Kafka",
    required: false,
    fallback: "127.0.0.1:9092",
  });
  expect(entries.find(({ name }) => name === "DATABASE_URL")).toMatchObject({ required: true });
  expect(entries.every(({ description }) => description !== "")).toBe(true);
});
