import { checkKafkaAvailability, startOpenKafka, startPostgres } from "@crossline/servers";
import { ApacheKafkaContainer } from "./apache-kafka-container.ts";
import { hasImage, labels } from "./docker.ts";

const postgresImage = "postgres:18";
const kafkaImage = "apache/kafka:4.3.1";

/** Settings for servers whose data may be lost. */
export const nonDurableSettings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
};

/** The PostgreSQL of the run. `stop` releases it. */
export type RunPostgres = { readonly url: string; readonly stop: () => Promise<void> };
/** The Kafka of the run, or the reason why it cannot run here. `stop` releases it. */
export type RunKafka = { readonly brokers: string[]; readonly stop: () => Promise<void> } | { readonly reason: string };

/**
 * Returns the PostgreSQL of the run. TEST_DATABASE_URL or DATABASE_URL can name this server. Without these variables,
 * the server is a container if Docker has the image, or else the embedded PostgreSQL.
 */
export async function runPostgres(): Promise<RunPostgres> {
  const given = process.env["TEST_DATABASE_URL"] ?? process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return { url: given, stop: async () => {} };
  if (await hasImage(postgresImage)) return postgresContainer();
  return startPostgres({ name: "test", settings: nonDurableSettings });
}

/**
 * Returns the Kafka of the run. If KAFKA_BROKERS is set, the tests use the Kafka that it names. Without this variable, the Kafka is a container if
 * Docker has the image, or else a local Kafka. If neither can run, the function returns the reason.
 */
export async function runKafka(): Promise<RunKafka> {
  const given = process.env["KAFKA_BROKERS"];
  if (given !== undefined && given !== "") return { brokers: given.split(","), stop: async () => {} };
  if (await hasImage(kafkaImage)) {
    const container = await new ApacheKafkaContainer(kafkaImage).withLabels(labels).start();
    return { brokers: [container.broker], stop: async () => void (await container.stop({ timeout: 0 })) };
  }
  const availability = checkKafkaAvailability();
  if (!availability.ok) return availability;
  return startOpenKafka({ name: "test", fresh: true });
}

async function postgresContainer(): Promise<RunPostgres> {
  const { PostgreSqlContainer } = await import("@testcontainers/postgresql");
  const settings = Object.entries(nonDurableSettings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const container = await new PostgreSqlContainer(postgresImage)
    .withUsername("postgres")
    .withDatabase("postgres")
    .withLabels(labels)
    .withTmpFs({ "/var/lib/postgresql": "rw" })
    .withCommand(["postgres", ...settings])
    .start();
  return { url: container.getConnectionUri(), stop: async () => void (await container.stop({ timeout: 0 })) };
}
