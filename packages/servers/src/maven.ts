import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder, searchPath } from "./config.ts";
import { withLock } from "./lease.ts";
import { noSpaceFault, ServerFault, ensureSpace } from "./server-fault.ts";

/**
 * A Maven project. `pom` is the path of its pom file, and `what` is the name of its jars in messages, for example
 * "Kafka".
 */
export type MavenProject = { readonly what: string; readonly pom: string };

/** Returns the path of mvn, or undefined if no folder of PATH contains mvn. */
export function mavenCommand(): string | undefined {
  return searchPath()
    .map((folder) => join(folder, "mvn"))
    .find((file) => fs.existsSync(file));
}

/**
 * Returns the cache folder for the jars of a pom. The folder's name has the digest of the pom, so each version has its own
 * folder.
 */
export function jarsFolder(name: string, pom: string): string {
  const digest = createHash("sha256").update(fs.readFileSync(pom)).digest("hex").slice(0, 12);
  return join(cacheFolder(), `${name}-${digest}`);
}

/**
 * Returns the folder of a pom's jars. Maven fetches the jars if they are not in the cache. Several callers may call this function
 * at once. Throws a ServerFault if Maven fails.
 */
export async function ensureJars(name: string, wanted: MavenProject): Promise<string> {
  const folder = jarsFolder(name, wanted.pom);
  ensureSpace(wanted.what, dirname(folder));
  return withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return folder;
    const draft = `${folder}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    await fetchJars(draft, wanted, () => {});
    fs.renameSync(draft, folder);
    return folder;
  });
}

/** Fetches the jars of a pom into a folder with Maven. Throws a ServerFault if Maven fails. */
export async function fetchJars(
  folder: string,
  { what, pom }: MavenProject,
  onJar: (jars: number) => void,
): Promise<void> {
  const goal = "dependency:copy-dependencies";
  // Maven reads settings from its working directory, so this function runs Maven in a separate folder.
  fs.mkdirSync(folder, { recursive: true });
  const args = ["--batch-mode", "-f", pom, goal, `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"];
  const maven = spawn(mavenCommand() ?? "mvn", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let jars = 0;
  maven.stderr.on("data", (chunk: Buffer) => void lines.push(chunk.toString()));
  createInterface(maven.stdout).on("line", (line) => {
    if (/^(?:\S+ )?Downloaded .*\.jar\b/.test(line)) onJar(++jars);
    if (line.includes("ERROR")) lines.push(line);
  });
  const code = await new Promise<number | null>((done, fail) => maven.once("error", fail).once("close", done));
  if (code === 0) return;
  if (lines.join("\n").includes("No space left on device")) throw noSpaceFault(what, folder);
  const why = lines.find((line) => /resolve|transfer|connect/i.test(line)) ?? lines[0] ?? `exit code ${code}`;
  throw new ServerFault(
    `Maven could not fetch ${what} (${why.replace("[ERROR]", "").trim().slice(0, 300)}): fix that and start again.`,
  );
}
