import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { javaPrinted } from "./java.ts";
import { cacheFolder, javaCommand, searchPath } from "./config.ts";
import { brokerProperties } from "./kafka-properties.ts";
import { exclusively } from "./lease.ts";
import { noSpace, PartFault, roomFor } from "./part-fault.ts";

const pom = resolve(import.meta.dirname, "../../kafka/pom.xml");

/** What a broker is started from. */
export type Installation = {
  /** Folder of the jars. */
  readonly libraries: string;
  /** A log folder fresh from Kafka's formatter: copying it takes milliseconds, formatting a second. */
  readonly formatted: string;
  /** Archive of loaded classes for the Java that is here; comes into being when a first broker ends. */
  readonly classes: string;
};

/** The jars as they were fetched for this pom, if they were. */
export function installedKafka(): Installation | undefined {
  const folder = installationFolder();
  return fs.existsSync(folder) ? installation(folder) : undefined;
}

/** Fetches the jars with Maven where they are not in the cache (44 MB, 10 s), for any number of callers at once. Throws a PartFault where that fails. */
export async function ensureKafkaInstalled(onProgress: (text: string) => void): Promise<Installation> {
  const folder = installationFolder();
  roomFor("Kafka", dirname(folder));
  return exclusively(`${folder}.lock`, async () => {
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

function installation(folder: string): Installation {
  const java = createHash("sha256").update(javaPrinted()).digest("hex").slice(0, 8);
  return {
    libraries: join(folder, "libraries"),
    formatted: join(folder, "formatted"),
    classes: join(folder, `classes-${java}.jsa`),
  };
}

/** Where mvn is on the path. */
export function mavenCommand(): string | undefined {
  return searchPath()
    .map((folder) => join(folder, "mvn"))
    .find((file) => fs.existsSync(file));
}

/** Kept by the pom's content: another version is another folder. */
function installationFolder(): string {
  const digest = createHash("sha256").update(fs.readFileSync(pom)).digest("hex").slice(0, 12);
  return join(cacheFolder(), `kafka-${digest}`);
}

async function fetchLibraries(folder: string, onProgress: (text: string) => void): Promise<void> {
  const goal = "dependency:copy-dependencies";
  // From a folder of its own, as Maven would read settings of the one it is called in.
  fs.mkdirSync(folder, { recursive: true });
  const args = ["--batch-mode", "-f", pom, goal, `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"];
  const maven = spawn(mavenCommand() ?? "mvn", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let jars = 0;
  onProgress("fetching Kafka with Maven (44 MB, only the first time)");
  maven.stderr.on("data", (chunk: Buffer) => void lines.push(chunk.toString()));
  createInterface(maven.stdout).on("line", (line) => {
    if (/^(?:\S+ )?Downloaded .*\.jar\b/.test(line)) onProgress(`fetching Kafka: ${++jars} jars`);
    if (line.includes("ERROR")) lines.push(line);
  });
  const code = await new Promise<number | null>((done, fail) => maven.once("error", fail).once("close", done));
  if (code === 0) return;
  const said = lines.join("\n");
  if (said.includes("No space left on device")) throw noSpace("Kafka", folder);
  const why = lines.find((line) => /resolve|transfer|connect/i.test(line)) ?? lines[0] ?? `exit code ${code}`;
  throw new PartFault(
    `Maven could not fetch Kafka (${why.replace("[ERROR]", "").trim().slice(0, 300)}): mend that and start again, or set KAFKA_BROKERS.`,
  );
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
