import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { javaPrinted } from "./java.ts";
import { javaCommand } from "./config.ts";
import { brokerProperties } from "./kafka-properties.ts";
import { withLock } from "./lease.ts";
import { fetchJars, jarsFolder } from "./maven.ts";
import { ServerFault, ensureSpace } from "./server-fault.ts";

const pom = resolve(import.meta.dirname, "../kafka/pom.xml");

/** What a broker is started from. */
export type KafkaInstallation = {
  /** Folder of the jars. */
  readonly libraries: string;
  /** A log folder fresh from Kafka's formatter: copying it takes milliseconds, formatting a second. */
  readonly formatted: string;
  /** Archive of loaded classes for the Java that is here; comes into being when a first broker ends. */
  readonly classes: string;
};

/** The jars as they were fetched for this pom, if they were. */
export function installedKafka(): KafkaInstallation | undefined {
  const folder = installationFolder();
  return fs.existsSync(folder) ? installation(folder) : undefined;
}

/** Fetches the jars with Maven where they are not in the cache (44 MB, 10 s), for any number of callers at once. Throws a ServerFault where that fails. */
export async function ensureKafkaInstalled(onProgress: (text: string) => void): Promise<KafkaInstallation> {
  const folder = installationFolder();
  ensureSpace("Kafka", dirname(folder));
  return withLock(`${folder}.lock`, async () => {
    const present = installedKafka();
    if (present) return present;
    const draft = `${folder}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    await fetchLibraries(join(draft, "libraries"), onProgress);
    format(draft);
    fs.renameSync(draft, folder);
    return installation(folder);
  });
}

function installation(folder: string): KafkaInstallation {
  const java = createHash("sha256").update(javaPrinted()).digest("hex").slice(0, 8);
  return {
    libraries: join(folder, "libraries"),
    formatted: join(folder, "formatted"),
    classes: join(folder, `classes-${java}.jsa`),
  };
}

function installationFolder(): string {
  return jarsFolder("kafka", pom);
}

async function fetchLibraries(folder: string, onProgress: (text: string) => void): Promise<void> {
  onProgress("fetching Kafka with Maven (44 MB, only the first time)");
  try {
    await fetchJars(folder, { what: "Kafka", pom }, (jars) => onProgress(`fetching Kafka: ${jars} jars`));
  } catch (error) {
    if (!(error instanceof ServerFault)) throw error;
    throw new ServerFault(`${error.message.replace(/\.$/, "")}, or set KAFKA_BROKERS.`);
  }
}

function format(draft: string): void {
  const settings = join(draft, "format.properties");
  const data = join(draft, "formatted");
  fs.writeFileSync(settings, brokerProperties({ data, port: 9092, controllerPort: 9093 }));
  const tool = ["-cp", join(draft, "libraries", "*"), "kafka.tools.StorageTool"];
  const clusterId = "crosslineLocalKafka-01"; // 22 characters of base 64; every local broker is a cluster of its own
  execFileSync(javaCommand(), [...tool, "format", "-t", clusterId, "-c", settings], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}
