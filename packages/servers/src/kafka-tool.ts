import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { javaCommand } from "./config.ts";
import type { KafkaInstallation } from "./kafka-install.ts";

/** A command of Kafka that has failed. The message is the first cause that the command printed, without its arguments. */
class KafkaToolError extends Error {
  override readonly name = "KafkaToolError";

  constructor(mainClass: string, output: readonly string[]) {
    const cause = output.findLast((line) => line.startsWith("Caused by: ")) ?? output[0] ?? "";
    super(`${mainClass} failed: ${cause.replace(/^Caused by: /, "")}`);
  }
}

const run = promisify(execFile);
const timeoutMs = 60_000;

/**
 * Runs a command of Kafka from its jars, for example `kafka.tools.StorageTool` (1 to 2 s). The arguments can contain passwords. The command
 * therefore reads them from a file of its owner, because every user of a machine can list the arguments of a process. Throws a
 * KafkaToolError for a command that fails.
 */
export async function runKafkaTool(
  { libraries }: KafkaInstallation,
  mainClass: string,
  args: readonly string[],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "crossline-kafka-"));
  try {
    const file = join(folder, "arguments");
    const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", join(libraries, "*"), mainClass];
    writeFileSync(file, [...options, ...args].map(quote).join("\n"), { mode: 0o600 });
    const { stdout } = await run(javaCommand(), [`@${file}`], { timeout: timeoutMs });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    // Kafka's tools print their arguments on a fault, and an argument can contain a password.
    const output = args.reduce((text, argument) => text.replaceAll(argument, "…"), `${stderr}${stdout}` || message);
    throw new KafkaToolError(mainClass, output.trim().split("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Quotes an argument for a file of the `java` launcher. */
function quote(argument: string): string {
  return `"${argument.replaceAll("\\", "\\\\").replaceAll('"', String.raw`\"`)}"`;
}
