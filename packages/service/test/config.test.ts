import { expect, test } from "vitest";
import { z } from "zod";
import { baseConfig, describeConfig, parseConfig, serviceUrl, wholeNumber } from "../src/index.ts";

const schema = z.object({
  ...baseConfig({ port: 7301 }),
  TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "where the timer is" }),
  BATCH_MAX: wholeNumber(1, 5000).default(1000).meta({ description: "how many are fired at once" }),
});
const least = { DATABASE_URL: "postgres://u:p@db/crossline", INTERNAL_KEY: "0123456789abcdef" };

test("defaults stand for what is not set or empty, and what is unknown is ignored", () => {
  expect(parseConfig(schema, { ...least, PORT: "", PATH: "/bin" })).toEqual({
    config: {
      HOST: "127.0.0.1",
      PORT: 7301,
      LOG_LEVEL: "info",
      OTEL_TRACES_SAMPLER_ARG: 1,
      DATABASE_URL: "postgres://u:p@db/crossline",
      BROKER: "kafka",
      KAFKA_BROKERS: ["127.0.0.1:9092"],
      KAFKA_KEEP_FACTS: "off",
      INTERNAL_KEY: "0123456789abcdef",
      PARTITIONS: 12,
      TIMER_URL: "http://127.0.0.1:7301",
      BATCH_MAX: 1000,
    },
  });
});

test("text becomes numbers, lists and tidy addresses", () => {
  const env = { ...least, PORT: "0", KAFKA_BROKERS: "a:1, b:2", TIMER_URL: "https://timer/" };
  expect(parseConfig(schema, env)).toMatchObject({
    config: { PORT: 0, KAFKA_BROKERS: ["a:1", "b:2"], TIMER_URL: "https://timer" },
  });
});

test("each fault is one sentence with name, what is wrong and what it is for, and no value", () => {
  const env = { PORT: "70000", LOG_LEVEL: "loud", DATABASE_URL: "mysql://u:hunter2@db", KAFKA_BROKERS: "kafka" };
  expect(parseConfig(schema, { ...env, BATCH_MAX: "many" })).toEqual({
    faults: [
      "PORT must be a whole number from 0 to 65535 (the port that the service listens on; 0 takes any free one).",
      'LOG_LEVEL is wrong: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent" (the least level of log lines that are written).',
      "DATABASE_URL must be a URL that begins with postgres:// (where the service's PostgreSQL is, with user and password).",
      "KAFKA_BROKERS must be host:port, several with commas between them (where Kafka is).",
      "INTERNAL_KEY is missing (the key that the services show each other).",
      "BATCH_MAX must be a whole number from 1 to 5000 (how many are fired at once).",
    ],
  });
});

test("every variable can be described for the documents", () => {
  const entries = describeConfig(schema);
  expect(entries.map(({ name }) => name)).toContain("INTERNAL_KEY");
  expect(entries.find(({ name }) => name === "KAFKA_BROKERS")).toEqual({
    name: "KAFKA_BROKERS",
    description: "where Kafka is",
    required: false,
    fallback: "127.0.0.1:9092",
  });
  expect(entries.find(({ name }) => name === "DATABASE_URL")).toMatchObject({ required: true });
  expect(entries.every(({ description }) => description !== "")).toBe(true);
});
