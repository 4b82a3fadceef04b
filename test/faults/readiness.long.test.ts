import { type Platform, serviceNames, startPlatform } from "@crossline/cli";
import { checkKafkaAvailability } from "@crossline/servers";
import { privateKafka, privatePostgres, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/*
 * Stops and freezes the servers of a whole platform, and reads the readiness of every service. Docker marks a container as unhealthy
 * about 2 s later (`test/compose-file.test.ts`).
 */

const shownWithinMs = 8_000;
const canKill = process.env["CROSSLINE_REQUIRE_KAFKA"] === "1" || checkKafkaAvailability().ok;
type Server = Awaited<ReturnType<typeof privatePostgres>> | NonNullable<Awaited<ReturnType<typeof privateKafka>>>;

describe.skipIf(!canKill)("readiness", { timeout: 180_000 }, () => {
  const servers: Partial<Record<"database" | "broker", Server>> = {};
  let platform: Platform;
  const { DATABASE_URL = "", KAFKA_BROKERS = "" } = process.env; // An empty variable counts as absent.

  beforeAll(async () => {
    const postgres = await privatePostgres();
    servers.database = postgres;
    const kafka = await privateKafka();
    if (kafka === undefined) throw new Error("these tests kill their own Kafka, which needs Java and Maven");
    servers.broker = kafka;
    process.env["DATABASE_URL"] = postgres.url;
    process.env["KAFKA_BROKERS"] = kafka.brokers.join(",");
    platform = await startPlatform({ firstPort: 19_340, partitions: 3, say: () => {} });
  }, 120_000);

  afterAll(async () => {
    await platform?.stop();
    await servers.broker?.remove();
    await servers.database?.remove();
    Object.assign(process.env, { DATABASE_URL, KAFKA_BROKERS });
  }, 60_000);

  const readinessOf = async (name: (typeof serviceNames)[number]) => {
    const response = await fetch(`http://127.0.0.1:${platform.settings.ports[name]}/health/ready`);
    const { checks } = (await response.json()) as { checks: Readonly<Record<string, string>> };
    return { status: response.status, checks };
  };
  /** Waits until every service shows the status, and returns the services whose check failed meanwhile. */
  const untilAll = (status: number, timeoutMs: number) =>
    Promise.all(
      serviceNames.map((name) =>
        waitFor(async () => (await readinessOf(name)).status === status, {
          timeoutMs,
          pollMs: 100,
          what: `${name} shows ${status}`,
        }),
      ),
    );

  test.each([
    ["database", "frozen"],
    ["database", "stopped"],
    ["broker", "frozen"],
    ["broker", "stopped"],
  ] as const)(
    "if the %s is %s, every service is not ready within 8 s, and is ready again afterwards",
    async (name, how) => {
      const server = servers[name];
      if (server === undefined) throw new Error(`there is no ${name}`);
      await untilAll(200, 60_000);
      if (how === "frozen") server.pause();
      else await server.kill();
      try {
        await untilAll(503, shownWithinMs);
        const failed = await Promise.all(
          serviceNames.map(async (service) => (await readinessOf(service)).checks[name]),
        );
        expect(failed.filter((result) => result === "ok")).toEqual([]);
      } finally {
        if (how === "frozen") server.resume();
        else await server.start();
      }
      await untilAll(200, 90_000);
    },
  );
});
