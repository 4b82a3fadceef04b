import { type Platform, serviceNames, startPlatform } from "@crossline/cli";
import { privateKafka, privatePostgres } from "@crossline/testing";

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

/** The services that start beside those in the path of an escalation. */
type PlatformOptions = { readonly beside?: readonly ("insight" | "console")[] };

type PlatformServers = {
  readonly postgres: Awaited<ReturnType<typeof privatePostgres>>;
  readonly kafka: NonNullable<Awaited<ReturnType<typeof privateKafka>>>;
};

export function createBenchServers(
  firstPort: number,
  note: (line: string) => void,
): BenchServers & { readonly close: () => Promise<void> } {
  let postgres: ReturnType<typeof privatePostgres> | undefined;
  let kafka: Promise<PlatformServers["kafka"]> | undefined;
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
  { beside = [] }: PlatformOptions = {},
): Promise<T> {
  const [postgres, kafka] = await Promise.all([privatePostgres({ durable: true }), requireKafka()]);
  process.env["DATABASE_URL"] = postgres.url;
  process.env["KAFKA_BROKERS"] = kafka.brokers.join(",");
  let platform: Platform | undefined;
  try {
    const names = serviceNames.filter((name) => (name !== "insight" && name !== "console") || beside.includes(name));
    platform = await startPlatform({ broker: "kafka", firstPort, names, say: note });
    return await work(platform, { postgres, kafka });
  } finally {
    await platform?.stop();
    await Promise.all([postgres.remove(), kafka.remove()]);
  }
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

async function requireKafka(): Promise<PlatformServers["kafka"]> {
  const kafka = await privateKafka();
  if (kafka === undefined) throw new Error("the benchmarks need Kafka, which needs Java 17 and Maven");
  return kafka;
}
