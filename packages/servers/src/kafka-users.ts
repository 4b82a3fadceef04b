import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "./config.ts";
import { savedKafkaBroker } from "./addresses.ts";
import { type KafkaInstallation, installedKafka } from "./kafka-install.ts";
import { brokerProperties, brokerUser, operatorUser } from "./kafka-properties.ts";
import { runKafkaTool } from "./kafka-tool.ts";
import { ServerFault } from "./server-fault.ts";

/**
 * The users of a local Kafka. Each password is a file beside the data of the broker, which only its owner can read. Users and passwords
 * therefore belong to one data folder, and two checkouts never share them.
 */
export type KafkaUsers = {
  /** Returns the file of a user's password. Throws an Error if Kafka has no such user. */
  readonly passwordFile: (user: string) => string;
  /** The names of all users. */
  readonly names: () => string[];
  /** Gives a user a new password, and creates the user if it is new. Kafka must run. */
  readonly renew: (user: string) => Promise<void>;
  /** Gives a user a random password and deletes its file, so that the user cannot connect afterwards. Kafka must run. */
  readonly end: (user: string) => Promise<void>;
};

/** Returns the users of the local Kafka with this name, or undefined if it has no users. */
export function localKafkaUsers(name: string, folder: string = stateFolder()): KafkaUsers | undefined {
  const home = join(folder, name, "kafka");
  if (!existsSync(passwordsFolder(home))) return undefined;
  const broker = (): string => {
    const address = savedKafkaBroker(name, folder);
    if (address === undefined)
      throw new ServerFault("The local Kafka has never run: start it with `npx -y pnpm start`.");
    return address;
  };
  return usersOf(home, broker);
}

/** Returns the users of the broker in this folder. `broker` returns its address. */
export function usersOf(home: string, broker: () => string): KafkaUsers {
  const folder = passwordsFolder(home);
  const configure = async (user: string, change: readonly string[]): Promise<void> => {
    const installation = installedKafka();
    if (installation === undefined) throw new ServerFault("Kafka is not installed on this machine.");
    const settings = operatorSettings(home);
    const connection = ["--bootstrap-server", broker(), "--command-config", settings];
    const named = ["--alter", "--entity-type", "users", "--entity-name", user];
    await runKafkaTool(installation, "kafka.admin.ConfigCommand", [...connection, ...named, ...change]);
  };
  return {
    passwordFile: (user) => {
      const file = join(folder, user);
      if (!existsSync(file)) throw new Error(`Kafka has no user ${user}`);
      return file;
    },
    names: () => readdirSync(folder),
    async renew(user) {
      const password = newPassword();
      await configure(user, ["--add-config", `SCRAM-SHA-512=[password=${password}]`]);
      savePassword(folder, user, password);
    },
    async end(user) {
      // After a deletion, Kafka 4.3.1 can load no users at its next start (docs/operations/kafka-users.md).
      await configure(user, ["--add-config", `SCRAM-SHA-512=[password=${newPassword()}]`]);
      rmSync(join(folder, user), { force: true });
    },
  };
}

/** Returns the password of the broker's own user. Throws a ServerFault if the data is older than the users of Kafka. */
export function brokerPassword(home: string): string {
  const file = join(passwordsFolder(home), brokerUser);
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new ServerFault(
    `Kafka's data in ${home} was made before Kafka had users: \`npx -y pnpm crossline set-aside --yes\` sets it aside with PostgreSQL.`,
  );
}

/** Formats the data folder of a broker with these users, and with the users of the broker and of the operator. */
export async function formatWithUsers(
  home: string,
  installation: KafkaInstallation,
  users: readonly string[],
): Promise<void> {
  const [data, passwords] = [join(home, "data"), passwordsFolder(home)];
  const drafts = [`${data}.new`, `${passwords}.new`] as const;
  for (const folder of [passwords, ...drafts]) rmSync(folder, { recursive: true, force: true });
  const scrams = [brokerUser, operatorUser, ...users].map((user) => {
    const password = newPassword();
    savePassword(drafts[1], user, password);
    return `SCRAM-SHA-512=[name=${user},password=${password}]`;
  });
  await format(home, installation, { data: drafts[0], scrams });
  renameSync(drafts[1], passwords);
  renameSync(drafts[0], data);
}

/** Formats the data folder of a broker that every client may use. */
export async function formatOpen(home: string, installation: KafkaInstallation): Promise<void> {
  const data = join(home, "data");
  rmSync(`${data}.new`, { recursive: true, force: true });
  await format(home, installation, { data: `${data}.new`, scrams: [] });
  renameSync(`${data}.new`, data);
}

async function format(
  home: string,
  installation: KafkaInstallation,
  { data, scrams }: { readonly data: string; readonly scrams: readonly string[] },
): Promise<void> {
  const settings = join(home, "format.properties");
  writeFileSync(settings, brokerProperties({ data, port: 9092, controllerPort: 9093 }));
  // The id of a cluster has 22 characters of base 64. Every local broker is its own cluster.
  const clusterId = "crosslineLocalKafka-01";
  const credentials = scrams.flatMap((scram) => ["--add-scram", scram]);
  await runKafkaTool(installation, "kafka.tools.StorageTool", [
    "format",
    "-t",
    clusterId,
    "-c",
    settings,
    ...credentials,
  ]);
  rmSync(settings);
}

/** Writes the settings with which Kafka's own commands connect as the operator, and returns their file. */
function operatorSettings(home: string): string {
  const file = join(home, "operator.properties");
  const password = readFileSync(join(passwordsFolder(home), operatorUser), "utf8");
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${operatorUser}" password="${password}";`;
  const settings = ["security.protocol=SASL_PLAINTEXT", "sasl.mechanism=SCRAM-SHA-512", `sasl.jaas.config=${login}`];
  writeFileSync(file, `${settings.join("\n")}\n`, { mode: 0o600 });
  return file;
}

function passwordsFolder(home: string): string {
  return join(home, "passwords");
}

function savePassword(folder: string, user: string, password: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, user), password, { mode: 0o600 });
}

/** Returns a password of 192 random bits, of letters, digits, hyphens and underscores. */
function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
