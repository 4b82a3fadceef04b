import { setTimeout as delay } from "node:timers/promises";
import {
  type Child,
  type Client,
  type Platform,
  createClient,
  environmentOf,
  startChild,
  startPlatform,
} from "@crossline/cli";
import { checkKafkaAvailability } from "@crossline/servers";
import { privateKafka, privatePostgres, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runRound } from "./load.ts";
import { runTrimRound } from "./trim-round.ts";

/*
 * Runs the whole platform as real processes on a separate Postgres and Kafka, and kills them. Every case that intake accepted
 * with a 201 must reach the vendor once.
 */

/** `npx -y pnpm test:faults` makes the outages longer. */
const outageMs = Number(process.env["FAULTS_OUTAGE_SECONDS"] ?? 5) * 1_000;
const cases = 30;
/** The openings last longer than the outage. */
const everyMs = Math.max(100, (outageMs * 1.2) / cases - 100);
// These tests start and kill their own Kafka, even if KAFKA_BROKERS names another one. Without Java and Maven these tests are
// skipped, or fail if Kafka is required.
const canKill = process.env["CROSSLINE_REQUIRE_KAFKA"] === "1" || checkKafkaAvailability().ok;

const quick = {
  line: "quick",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT10S" }],
  crossing: [{ to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT5M" }],
  lastResort: ["https://duty.northtel.example/"],
};
const slow = { ...quick, line: "slow", clocks: [{ kind: "stall.busy", target: "PT20S" }] };

describe.skipIf(!canKill)("outages", { timeout: 120_000 + 4 * outageMs }, () => {
  let postgres: Awaited<ReturnType<typeof privatePostgres>>;
  let kafka: NonNullable<Awaited<ReturnType<typeof privateKafka>>>;
  let platform: Platform;
  let options: Parameters<typeof runRound>[0];
  const messages: string[] = [];

  beforeAll(async () => {
    postgres = await privatePostgres();
    const local = await privateKafka();
    if (local === undefined) throw new Error("these tests kill their own Kafka, which needs Java and Maven");
    kafka = local;
    process.env["DATABASE_URL"] = postgres.url;
    process.env["KAFKA_BROKERS"] = kafka.brokers.join(",");
    platform = await startPlatform({
      firstPort: Number(process.env["FAULTS_PORT"] ?? 19_300),
      partitions: 3,
      say: (line) => messages.push(line),
    });
    const operator = createClient(platform.url, platform.settings.operatorKey);
    const party = async (name: string, kind: string): Promise<string> => {
      await operator.post("/v1/parties", { party: name, kind, name });
      return (await operator.post<{ key: string }>(`/v1/parties/${name}/keys`)).key;
    };
    const carrierKey = await party("northtel", "carrier");
    await party("orchard", "vendor");
    const carrier: Client = createClient(platform.url, carrierKey);
    await waitFor(() => carrier.post("/v1/lines", quick), { timeoutMs: 10_000 });
    options = {
      url: platform.url,
      carrierKey,
      carrier,
      vendorName: "orchard",
      brokers: kafka.brokers,
      line: "quick",
      everyMs,
    };
  }, 120_000);

  afterAll(async () => {
    await platform?.stop();
    await kafka?.remove();
    await postgres?.remove();
  }, 60_000);

  test("no case is lost if every service is killed in turn", async () => {
    const verdict = await runRound(options, cases, async () => {
      for (const name of ["timer", "routing", "intake", "notification"] as const) {
        platform.kill(name, "SIGKILL");
        await delay(1_000);
      }
    });
    expect(verdict).toEqual({ accepted: cases, lost: [], doubled: [] });
  });

  test(`no case is lost if Postgres is down for ${outageMs / 1_000} s`, async () => {
    const verdict = await runRound(options, cases, async () => {
      await postgres.kill();
      await delay(outageMs);
      await postgres.start();
    });
    expect(verdict).toEqual({ accepted: cases, lost: [], doubled: [] });
  });

  test(`intake accepts cases while Kafka is down for ${outageMs / 1_000} s`, async () => {
    const verdict = await runRound(options, cases, async () => {
      await kafka.kill();
      await delay(outageMs);
      await kafka.start();
    });
    expect(verdict).toEqual({ accepted: cases, lost: [], doubled: [] });
  });

  test("no case is lost if a timer with the relay's lock is frozen for longer than its session in the group", async () => {
    const { settings } = platform;
    const env = { ...environmentOf("timer", settings), PORT: String(settings.ports.intake + 7) };
    const second: Child = startChild("timer", { env, onExit: () => {} });
    const isReady = () => fetch(`http://127.0.0.1:${env.PORT}/health/ready`).then(({ ok }) => ok);
    await waitFor(isReady, { timeoutMs: 30_000, what: "the second timer" });
    const verdict = await runRound(options, cases, async () => {
      platform.kill("timer", "SIGSTOP");
      // The group reassigns the partitions after 6 s. Postgres releases the lock after 5 s.
      await delay(Math.max(9_000, outageMs));
      platform.kill("timer", "SIGCONT");
    });
    await second.stop();
    expect(verdict).toEqual({ accepted: cases, lost: [], doubled: [] });
  });

  test("due cases cross with an alarm if records are deleted while each service is frozen in turn", async () => {
    await options.carrier.post("/v1/lines", slow);
    const verdict = await runTrimRound(platform, { ...options, line: "slow", soon: "quick" }, 12);
    const all = ["timer", "routing", "notification", "intake"];
    expect(verdict).toEqual({ crossed: 12, alarmed: all, ready: all });
  });

  test("SIGTERM stops a service in order, and another process takes its partitions over", async () => {
    const before = platform.services().find(({ name }) => name === "timer")?.pid;
    const verdict = await runRound(options, 10, () => Promise.resolve(platform.kill("timer", "SIGTERM")));
    expect(platform.services().find(({ name }) => name === "timer")?.pid).not.toBe(before);
    expect(verdict).toEqual({ accepted: 10, lost: [], doubled: [] });
    expect(messages.join("\n")).toContain("timer ended (exit 0)");
  });
});
