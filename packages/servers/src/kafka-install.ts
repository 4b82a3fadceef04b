import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { javaPrinted } from "./java.ts";
import { withLock } from "./lease.ts";
import { fetchJars, jarsFolder } from "./maven.ts";
import { ServerFault, ensureSpace } from "./server-fault.ts";

const pom = resolve(import.meta.dirname, "../kafka/pom.xml");

/** The files from which a broker starts. */
export type KafkaInstallation = {
  /** The folder of the jars. */
  readonly libraries: string;
  /** The archive of loaded classes for the Java of this machine. The first broker writes this archive at its stop. */
  readonly classes: string;
};

/**
 * Returns the installation of the Kafka version that the pom names, or undefined if the jars of that version are not in the
 * cache.
 */
export function installedKafka(): KafkaInstallation | undefined {
  const folder = installationFolder();
  return fs.existsSync(folder) ? installation(folder) : undefined;
}

/**
 * Fetches the jars with Maven if they are not in the cache (44 MB, 10 s). Several callers may call this function at once. Throws
 * a ServerFault if Maven fails.
 */
export async function ensureKafkaInstalled(onProgress: (text: string) => void): Promise<KafkaInstallation> {
  const folder = installationFolder();
  ensureSpace("Kafka", dirname(folder));
  return withLock(`${folder}.lock`, async () => {
    const present = installedKafka();
    if (present) return present;
    const draft = `${folder}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    await fetchLibraries(join(draft, "libraries"), onProgress);
    fs.renameSync(draft, folder);
    return installation(folder);
  });
}

function installation(folder: string): KafkaInstallation {
  const java = createHash("sha256").update(javaPrinted()).digest("hex").slice(0, 8);
  return {
    libraries: join(folder, "libraries"),
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
