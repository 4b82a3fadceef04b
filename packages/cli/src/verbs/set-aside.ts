import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { serviceNames, stateFolder } from "@crossline/servers";
import { CommandFault } from "../fault.ts";
import { checkoutName } from "../keys.ts";
import { say, print } from "../print.ts";

/** One step of the command. The command performs the steps in a fixed order. */
export type SetAsideStep =
  | { readonly does: "rename"; readonly from: string; readonly to: string }
  | { readonly does: "run"; readonly command: readonly string[] };

export type SetAsideOptions = {
  readonly compose?: boolean;
  readonly external?: boolean;
  /** Without this option the command only shows the steps. */
  readonly yes?: boolean;
};

/**
 * Runs `set-aside`. The verb sets the data of PostgreSQL and Kafka aside together, so that the next start begins
 * without data. The verb deletes no data: it renames a folder, or copies a volume. For external servers it only prints
 * the statements. Returns the exit code.
 */
export async function setAside({ compose, external, yes }: SetAsideOptions): Promise<number> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
  if (external === true) {
    print(externalStatements(stamp));
    return 0;
  }
  const steps =
    compose === true ? composeSteps(readVolumes(), stamp) : localSteps(stateFolder(), checkoutName("crossline"), stamp);
  for (const step of steps) {
    say(describeStep(step));
    if (yes === true) take(step);
  }
  print(
    yes === true
      ? "PostgreSQL and Kafka are set aside. The next start begins without data."
      : "No step was performed. Add --yes to perform the steps.",
  );
  return 0;
}

/**
 * Returns the steps for the data of `npx -y pnpm start`. The local PostgreSQL and Kafka have their data in one folder,
 * and they must be stopped.
 */
export function localSteps(folder: string, name: string, stamp: string): readonly SetAsideStep[] {
  const from = join(folder, name);
  if ([process.env["DATABASE_URL"], process.env["KAFKA_BROKERS"]].some((address) => (address ?? "") !== ""))
    throw new CommandFault("DATABASE_URL or KAFKA_BROKERS names your own server: use --external.");
  if (!existsSync(from)) throw new CommandFault(`There is no data of this checkout in ${folder}.`);
  if (["postgres", "kafka"].some((server) => isRunning(join(from, server))))
    throw new CommandFault("PostgreSQL or Kafka of this checkout is running: stop `npx -y pnpm start` first.");
  return [{ does: "rename", from, to: `${from}.aside-${stamp}` }];
}

/**
 * Returns the steps for volumes of compose. Docker cannot rename a volume, so the steps copy each volume. After all
 * copies are complete, the steps remove the volumes.
 */
export function composeSteps(volumes: readonly string[], stamp: string): readonly SetAsideStep[] {
  const docker = (...command: string[]): SetAsideStep => ({ does: "run", command: ["docker", ...command] });
  const copies = volumes.flatMap((volume) => {
    const aside = `${volume}-aside-${stamp}`;
    const mounts = ["--volume", `${volume}:/from:ro`, "--volume", `${aside}:/to`];
    return [
      docker("volume", "create", aside),
      docker("run", "--rm", ...mounts, "--entrypoint", "cp", "postgres:18", "-a", "/from/.", "/to/"),
    ];
  });
  return [docker("compose", "down"), ...copies, ...volumes.map((volume) => docker("volume", "rm", volume))];
}

/** Returns the statements for servers of the operator: SQL for PostgreSQL, and commands of Kafka's own tools. */
export function externalStatements(stamp: string): string {
  const schemas = serviceNames.flatMap((name) => [
    `alter schema ${name} rename to ${name}_aside_${stamp};`,
    `create schema ${name} authorization crossline_${name};`,
    `revoke all on schema ${name} from public;`,
  ]);
  const groups = serviceNames.map(
    (name) => `kafka-consumer-groups.sh --bootstrap-server "$KAFKA_BROKERS" --delete --group ${name}`,
  );
  return [
    "Stop all services. In PostgreSQL, as the administrator of the database:\n",
    ["begin;", ...schemas, "commit;"].join("\n"),
    "\nKafka cannot rename a topic. Point KAFKA_BROKERS at an empty cluster, or delete the topics and groups of this one:\n",
    `kafka-topics.sh --bootstrap-server "$KAFKA_BROKERS" --delete --topic 'crossline\\..*'`,
    ...groups,
    "\nThen start the services.",
  ].join("\n");
}

function take(step: SetAsideStep): void {
  if (step.does === "rename") return renameSync(step.from, step.to);
  const [file = "", ...rest] = step.command;
  try {
    execFileSync(file, rest, { stdio: ["ignore", "ignore", "inherit"] });
  } catch (cause) {
    throw new CommandFault(`\`${step.command.join(" ")}\` failed; no volume was removed before all were copied.`, {
      cause,
    });
  }
}

function describeStep(step: SetAsideStep): string {
  return step.does === "rename" ? `rename ${step.from} to ${step.to}` : step.command.join(" ");
}

/**
 * Returns the names of the volumes in this folder's compose project. Compose derives these names from the name of the
 * project.
 */
function readVolumes(): string[] {
  type Config = { readonly volumes: Readonly<Record<"postgres" | "kafka", { readonly name: string }>> };
  try {
    const { volumes } = JSON.parse(
      execFileSync("docker", ["compose", "config", "--format", "json"], { encoding: "utf8" }),
    ) as Config;
    return [volumes.postgres.name, volumes.kafka.name];
  } catch (cause) {
    throw new CommandFault(
      "`docker compose config` does not name the volumes: run this in the folder of docker-compose.yml.",
      { cause },
    );
  }
}

function isRunning(home: string): boolean {
  try {
    return readFileSync(`/proc/${readFileSync(join(home, "pid"), "utf8").trim()}/cmdline`, "utf8").includes(home);
  } catch {
    return false; // There is no pid file, or the process has ended.
  }
}
