import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OwnKafka, type Platform, serviceNames, startPlatform } from "@crossline/cli";
import { kafkaUsersOf } from "@crossline/contracts";
import { serviceOwners } from "@crossline/messaging";
import { privateKafka, managedKafka, privatePostgres } from "@crossline/testing";

/**
 * The servers of a run. A server starts at its first use. All benchmarks share the servers, and the run removes them
 * when it ends.
 */
export type BenchServers = {
  /**
   * Returns the superuser's URL of a real PostgreSQL that writes every commit to the disk. Each caller creates its own
   * databases.
   */
  readonly postgres: () => Promise<string>;
  /** Returns the brokers of a real Kafka. */
  readonly kafka: () => Promise<readonly string[]>;
  /**
   * Starts the services as processes on a new PostgreSQL and Kafka, so that no benchmark inherits rows. Removes
   * everything when `work` ends. Insight and the console start only on request, because their prices are stated
   * apart.
   */
  readonly platform: <T>(
    work: (platform: Platform, servers: PlatformServers) => Promise<T>,
    options?: PlatformOptions,
  ) => Promise<T>;
  /**
   * Works like `platform`, but uses the services of the previous `shared` call. New services take as long to start as a quick
   * measurement takes. The services end with the run, or when a benchmark calls `platform`.
   */
  readonly shared: <T>(work: (platform: Platform) => Promise<T>) => Promise<T>;
  /** Writes a progress message to standard error. */
  readonly note: (line: string) => void;
};

/** How clients connect to Kafka: without users, with the users of Crossline, or with these users over TLS. */
export type KafkaAccess = "open" | "users" | "users and TLS";

type PlatformOptions = {
  /** The services that start beside those in the path of an escalation. */
  readonly beside?: readonly ("insight" | "console")[];
  /** Default: `open`, as in every earlier measurement. */
  readonly access?: KafkaAccess;
};

type OpenKafka = NonNullable<Awaited<ReturnType<typeof privateKafka>>>;

type PlatformServers = {
  readonly postgres: Awaited<ReturnType<typeof privatePostgres>>;
  readonly kafka: { readonly pid: number };
};

export function createBenchServers(
  firstPort: number,
  note: (line: string) => void,
): BenchServers & { readonly close: () => Promise<void> } {
  let postgres: ReturnType<typeof privatePostgres> | undefined;
  let kafka: Promise<OpenKafka> | undefined;
  let shared: ReturnType<typeof hold> | undefined;
  const endShared = async (): Promise<void> => {
    const ending = shared;
    shared = undefined;
    await ending?.end();
  };
  return {
    note,
    async postgres() {
      const { url } = await (postgres ??= privatePostgres({ durable: true }));
      return url;
    },
    async kafka() {
      const { brokers } = await (kafka ??= requireKafka());
      return brokers;
    },
    async platform(work, options) {
      await endShared();
      return onPlatform(firstPort, note, work, options);
    },
    async shared(work) {
      shared ??= hold(firstPort, note);
      return work(await shared.platform);
    },
    async close() {
      await endShared();
      const started = await Promise.all([postgres, kafka]);
      for (const part of started) await part?.remove();
    },
  };
}

async function onPlatform<T>(
  firstPort: number,
  note: (line: string) => void,
  work: (platform: Platform, servers: PlatformServers) => Promise<T>,
  { beside = [], access = "open" }: PlatformOptions = {},
): Promise<T> {
  const [postgres, kafka] = await Promise.all([privatePostgres({ durable: true }), startAccess(access)]);
  process.env["DATABASE_URL"] = postgres.url;
  process.env["KAFKA_BROKERS"] = kafka.own === undefined ? kafka.brokers.join(",") : "";
  let platform: Platform | undefined;
  try {
    const names = serviceNames.filter((name) => (name !== "insight" && name !== "console") || beside.includes(name));
    platform = await startPlatform({ broker: "kafka", kafka: kafka.own, firstPort, names, say: note });
    return await work(platform, { postgres, kafka });
  } finally {
    await platform?.stop();
    await Promise.all([postgres.remove(), kafka.remove()]);
  }
}

type StartedKafka = {
  readonly brokers: readonly string[];
  readonly pid: number;
  /** Absent for an open Kafka. */
  readonly own?: OwnKafka;
  readonly remove: () => Promise<void>;
};

async function startAccess(access: KafkaAccess): Promise<StartedKafka> {
  if (access === "open") return requireKafka();
  const kafka = await managedKafka(serviceOwners.map((owner) => kafkaUsersOf(owner)[0]));
  if (kafka === undefined) throw new Error(noKafka);
  const { addresses, users, authority } = kafka;
  if (access === "users") return { ...kafka, own: { brokers: [addresses.locked], users } };
  const folder = mkdtempSync(join(tmpdir(), "crossline-bench-"));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, authority.cert);
  const remove = async (): Promise<void> => {
    await kafka.remove();
    rmSync(folder, { recursive: true });
  };
  return { ...kafka, own: { brokers: [addresses.tls], users, caFile }, remove };
}

/** Starts a platform that runs until `end`. */
function hold(firstPort: number, note: (line: string) => void) {
  const started = Promise.withResolvers<Platform>();
  const over = Promise.withResolvers<void>();
  const ended = onPlatform(firstPort, note, async (platform) => {
    started.resolve(platform);
    await over.promise;
  }).catch((error: unknown) => started.reject(error));
  const end = (): Promise<void> => {
    over.resolve();
    return ended;
  };
  return { platform: started.promise, end };
}

const noKafka = "the benchmarks need Kafka, which needs Java 17 and Maven";

async function requireKafka(): Promise<OpenKafka> {
  const kafka = await privateKafka();
  if (kafka === undefined) throw new Error(noKafka);
  return kafka;
}
